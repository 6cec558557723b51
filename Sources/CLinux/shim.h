// What Swift's Glibc module leaves out: mallopt(3), and pipe2(2) and syncfs(2), which <unistd.h> has with _GNU_SOURCE alone.
#include <malloc.h>
int pipe2(int ends[2], int flags);
int syncfs(int fd);
