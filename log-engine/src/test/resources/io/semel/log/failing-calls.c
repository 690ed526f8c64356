/*
 * Loaded before libc (LD_PRELOAD): a call on a file fails while the file named by SEMEL_FAILING says so. That
 * file holds one line, "CALL PART ERRNO", for every call of that kind on a path that contains PART; CALL is
 * write, read or force. A write fails after its first half was written, as a disk does that breaks or fills up.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static __thread int half_done;

static int failing(const char *call, int fd) {
    char order[512], kind[16], part[256], link[64], path[1024];
    int number;
    const char *control = getenv("SEMEL_FAILING");
    if (control == NULL) return 0;
    int file = (int) syscall(SYS_openat, AT_FDCWD, control, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t size = syscall(SYS_read, file, order, sizeof order - 1);
    syscall(SYS_close, file);
    if (size <= 0) return 0;
    order[size] = 0;
    if (sscanf(order, "%15s %255s %d", kind, part, &number) != 3 || strcmp(kind, call) != 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strstr(path, part) == NULL ? 0 : number;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
    static ssize_t (*real)(int, const void *, size_t, off64_t);
    if (real == NULL) real = dlsym(RTLD_NEXT, "pwrite64");
    int number = failing("write", fd);
    if (number != 0 && !half_done && count > 1) {
        half_done = 1;
        return real(fd, bytes, count / 2, offset);
    }
    half_done = 0;
    if (number == 0) return real(fd, bytes, count, offset);
    errno = number;
    return -1;
}

ssize_t pread64(int fd, void *bytes, size_t count, off64_t offset) {
    static ssize_t (*real)(int, void *, size_t, off64_t);
    if (real == NULL) real = dlsym(RTLD_NEXT, "pread64");
    int number = failing("read", fd);
    if (number == 0) return real(fd, bytes, count, offset);
    errno = number;
    return -1;
}

int fdatasync(int fd) {
    static int (*real)(int);
    if (real == NULL) real = dlsym(RTLD_NEXT, "fdatasync");
    int number = failing("force", fd);
    if (number == 0) return real(fd);
    errno = number;
    return -1;
}

int fsync(int fd) {
    static int (*real)(int);
    if (real == NULL) real = dlsym(RTLD_NEXT, "fsync");
    int number = failing("force", fd);
    if (number == 0) return real(fd);
    errno = number;
    return -1;
}
