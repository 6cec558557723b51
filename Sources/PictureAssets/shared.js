"use strict";
// What both pictures do alike: the flame graph's SVG and the page.

// What a search term matches: a regular expression, or as long as it is none, the text as it is. `(?i)` in front, which
// reports take, is no part of JavaScript's expressions, but a flag beside them.
function matcherOf(term) {
  if (!term) return () => false;
  try {
    const flags = /^\(\?([ims]+)\)/.exec(term);
    const pattern = flags ? new RegExp(term.slice(flags[0].length), [...new Set(flags[1])].join("")) : new RegExp(term);
    return (name) => pattern.test(name);
  } catch {
    return (name) => name.includes(term);
  }
}

// Names in the room that there is: whole, without the folders of their package, or their beginning.

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/;

function lettersOf(text) {
  let count = 0;
  for (const letter of text) count += WIDE.test(letter) ? 2 : 1;
  return count;
}

// http.(*conn).serve of net/http.(*conn).serve.
function withoutFolders(name) {
  const head = name.search(/[([<{ ]/);
  const slash = name.lastIndexOf("/", head < 0 ? undefined : head);
  return slash < 0 ? name : name.slice(slash + 1);
}

function fitLabel(name, room) {
  if (room < 2) return "";
  if (name.length <= room && lettersOf(name) <= room) return name;
  const short = withoutFolders(name);
  if (short.length <= room && lettersOf(short) <= room) return short;
  if (room < 3) return "";
  let cut = "";
  let used = 1;
  for (const letter of short) {
    used += WIDE.test(letter) ? 2 : 1;
    if (used > room) break;
    cut += letter;
  }
  return cut + "…";
}
