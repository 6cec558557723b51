// RE2 is C++; this is the little of it that we need, in C. Nothing here throws.
#ifndef CRE2_H
#define CRE2_H
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pprofconv_regex pprofconv_regex;

/// Compiles UTF-8 text. NULL where there is no memory.
pprofconv_regex *pprofconv_regex_new(const char *pattern, size_t length);
void pprofconv_regex_free(pprofconv_regex *regex);

/// What is wrong with the pattern, in RE2's words; empty where nothing is. Lives as long as `regex`.
const char *pprofconv_regex_error(const pprofconv_regex *regex, size_t *length);
/// The part of the pattern that it is about.
const char *pprofconv_regex_error_part(const pprofconv_regex *regex, size_t *length);

/// Whether the pattern matches somewhere in `text`. In linear time, from any thread.
bool pprofconv_regex_matches(const pprofconv_regex *regex, const char *text, size_t length);

#ifdef __cplusplus
}
#endif
#endif
