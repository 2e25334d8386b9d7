/* SPDX-FileCopyrightText: 2026 The turbodicom developers
 * SPDX-License-Identifier: MIT
 *
 * The least that reading many files can cost: what the bars of bulk import are measured against.
 * Compiled by reference_io.py when a benchmark needs it, and called in the benchmark's process, so that a turn
 * is the work alone, without the start of a program. Each function returns what it counted, or -1 and errno.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Open, read the first `bytes` into `buffer`, close: each of `count` paths. Return the bytes read. */
int64_t read_heads(const char* const* paths, int64_t count, char* buffer, int64_t bytes) {
  int64_t total = 0;
  for (int64_t i = 0; i < count; ++i) {
    const int file = open(paths[i], O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    const ssize_t got = read(file, buffer, (size_t)bytes);
    close(file);
    if (got < 0) return -1;
    total += got;
  }
  return total;
}

/* Open, read `bytes` at `offset` of the file, close: each of `count` paths, one behind the other into `buffer`. */
int64_t read_pixels(const char* const* paths, int64_t count, const int64_t* offsets, char* buffer, int64_t bytes) {
  for (int64_t i = 0; i < count; ++i) {
    const int file = open(paths[i], O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    const ssize_t got = pread(file, buffer + i * bytes, (size_t)bytes, (off_t)offsets[i]);
    close(file);
    if (got != bytes) return -1;
  }
  return count * bytes;
}

static int64_t walk(int parent, const char* name) {
  const int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return -1;
  DIR* entries = fdopendir(folder);
  if (entries == NULL) {
    close(folder);
    return -1;
  }
  int64_t files = 0;
  for (const struct dirent* entry; files >= 0 && (entry = readdir(entries)) != NULL;) {
    struct stat status;
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    if (fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
      files = -1;
    } else if (S_ISREG(status.st_mode)) {
      ++files;
    } else if (S_ISDIR(status.st_mode)) {
      const int64_t inside = walk(folder, entry->d_name);
      files = inside < 0 ? -1 : files + inside;
    }
  }
  closedir(entries);
  return files;
}

/* Walk a tree and take the status of everything in it. Return the number of regular files. */
int64_t walk_and_stat(const char* root) { return walk(AT_FDCWD, root); }
