// What Swift's Glibc module leaves out: mallopt(3), pipe2(2) and syncfs(2), which <unistd.h> has with _GNU_SOURCE alone, and
// renameat2(2), which musl has no function for.
#include <malloc.h>
int pipe2(int ends[2], int flags);
int syncfs(int fd);

#include <fcntl.h>
#include <sys/syscall.h>
long syscall(long number, ...);
/// Renames, unless something stands at the new name (RENAME_NOREPLACE).
static inline int rename_new(const char *from, const char *to) {
  return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 1u);
}
