#include "CRE2.h"

#include <new>
#include <re2/re2.h>

struct pprofconv_regex {
  re2::RE2 re2;
  pprofconv_regex(const re2::StringPiece &pattern, const re2::RE2::Options &options) : re2(pattern, options) {}
};

pprofconv_regex *pprofconv_regex_new(const char *pattern, size_t length) {
  try {
    re2::RE2::Options options;
    options.set_log_errors(false);
    // Nobody asks for groups.
    options.set_never_capture(true);
    // Go takes patterns that RE2's own 8 MiB refuse; taken only where needed.
    options.set_max_mem(128 << 20);
    return new pprofconv_regex(re2::StringPiece(pattern, length), options);
  } catch (...) {
    return nullptr;
  }
}

void pprofconv_regex_free(pprofconv_regex *regex) { delete regex; }

const char *pprofconv_regex_error(const pprofconv_regex *regex, size_t *length) {
  *length = regex->re2.error().size();
  return regex->re2.error().data();
}

const char *pprofconv_regex_error_part(const pprofconv_regex *regex, size_t *length) {
  *length = regex->re2.error_arg().size();
  return regex->re2.error_arg().data();
}

bool pprofconv_regex_matches(const pprofconv_regex *regex, const char *text, size_t length) {
  try {
    return regex->re2.Match(re2::StringPiece(text, length), 0, length, re2::RE2::UNANCHORED, nullptr, 0);
  } catch (...) {
    return false;
  }
}
