// The one instruction for which Swift has no name.
#ifndef CPREFETCH_H
#define CPREFETCH_H
static inline void pprofconv_prefetch(const void *address) { __builtin_prefetch(address); }
#endif
