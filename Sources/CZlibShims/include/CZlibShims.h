// zlib's initialisers are macros, which Swift cannot call.
#ifndef CZLIB_SHIMS_H
#define CZLIB_SHIMS_H
#include <zlib.h>

int pprofconv_inflate_init(z_streamp stream, int window_bits);
int pprofconv_deflate_init(z_streamp stream, int level, int window_bits);
#endif
