// Reads what PageData.swift writes: facts as JSON, then columns of variable-length integers.

const CUT = "(cut)";

function decodeData(base64) {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  let at = 0;

  function number() {
    let result = 0;
    let scale = 1;
    for (;;) {
      const byte = bytes[at++];
      result += (byte & 0x7f) * scale;
      if (byte < 0x80) return result;
      scale *= 128;
    }
  }

  // Zigzag. The sign is taken from the first byte: beyond 2^53 a number's last bit is gone.
  function signed() {
    const isNegative = (bytes[at] & 1) === 1;
    const value = number();
    return isNegative ? -Math.ceil(value / 2) : value / 2;
  }

  const length = number();
  const facts = JSON.parse(new TextDecoder().decode(bytes.subarray(at, at + length)));
  at += length;
  const typeCount = facts.types.length;
  for (const type of facts.types) type.divisor = facts.divisor;

  const frameCount = number();
  const frames = {file: new Uint32Array(frameCount), line: new Uint32Array(frameCount), color: new Uint32Array(frameCount)};
  for (let i = 0; i < frameCount; i++) {
    frames.file[i] = number();
    frames.line[i] = number();
    frames.color[i] = number();
  }
  // One more for what was cut.
  facts.names.push(CUT);
  const columns = () => facts.types.map(() => new Float64Array(frameCount + 1));
  const functions = {flat: columns(), cum: columns()};
  for (let i = 0; i < frameCount; i++) {
    for (let type = 0; type < typeCount; type++) {
      functions.flat[type][i] = signed();
      functions.cum[type][i] = signed();
    }
  }

  const kept = number();
  const parents = [0];
  const nodeFrames = [0];
  const inlining = [0];
  for (let i = 1; i < kept; i++) {
    parents.push(i - number());
    const bits = number();
    nodeFrames.push(Math.floor(bits / 4));
    inlining.push(bits % 4);
  }
  const cutCount = number();
  for (let i = 0, last = 0; i < cutCount; i++) {
    last += number();
    parents.push(last);
    nodeFrames.push(frameCount);
    inlining.push(0);
  }

  const sets = Array.from({length: number()}, () => Array.from({length: number()}, number));
  const entryCount = number();
  const entries = {
    node: new Uint32Array(entryCount), set: new Uint32Array(entryCount),
    values: facts.types.map(() => new Float64Array(entryCount)),
  };
  for (let i = 0, last = 0; i < entryCount; i++) {
    last += number();
    entries.node[i] = last;
    entries.set[i] = number();
    for (let type = 0; type < typeCount; type++) entries.values[type][i] = signed();
  }
  return {
    facts, frames, functions, sets, entries, frameCount,
    nodes: {parent: Uint32Array.from(parents), frame: Uint32Array.from(nodeFrames), inlining: Uint8Array.from(inlining)},
  };
}

// A value in the largest unit that leaves at least 1, as pprof has it: 14.39MB.
function formatValue(undivided, type) {
  const value = divided(undivided, type);
  if (!type.scales) return `${Math.round(value).toLocaleString("en-US")} ${type.unit}`;
  let scale = type.scales[0];
  for (const candidate of type.scales) if (Math.abs(value) >= candidate[1]) scale = candidate;
  const number = hundredths(value / scale[1]).replace(/\.00$/, "");
  return number === "0" || number === "-0" ? "0" : number + scale[0];
}

// With two digits, as reports have them: of the numbers that stand in the middle (.125, .625) the even digit; toFixed has
// the larger one.
function hundredths(value) {
  const size = Math.abs(value);
  const isMiddle = size % 1 === 0.125 || size % 1 === 0.625;
  return (isMiddle ? Math.sign(value) * (size - 0.005) : value).toFixed(2);
}

// To a whole number, as reports print it.
function divided(value, type) {
  return type.divisor > 0 && type.divisor !== 1 ? Math.trunc(value * (1 / type.divisor)) : value;
}

// The same, and exactly where that says more.
function formatExact(undivided, type) {
  const short = formatValue(undivided, type);
  const value = divided(undivided, type);
  if (!type.scales || value === 0 || !Number.isSafeInteger(value)) return short;
  return `${short} (${value.toLocaleString("en-US")} ${type.unit})`;
}

function formatShare(value, total) {
  return total === 0 ? "0%" : (100 * value / total).toFixed(2).replace(/\.?0+$/, "") + "%";
}
