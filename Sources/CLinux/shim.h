// What Swift's Glibc module leaves out: mallopt(3), and syncfs(2), which <unistd.h> has with _GNU_SOURCE alone.
#include <malloc.h>
int syncfs(int fd);
