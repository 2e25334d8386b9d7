// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "dicom/temporary_folder.h"
#include "turbodicom/dicom/file_walk.h"

using namespace turbodicom::dicom;
using turbodicom::dicom::test::TemporaryFolder;

namespace {

using Names = std::vector<std::string>;

// All paths below `root`, shortened, with ": reason" behind those that are refused.
Names walk(const TemporaryFolder& root, const WalkOptions& options, const Names& sources, std::size_t step = 1000) {
  FileWalk files(options);
  PathList given;
  for (const std::string& source : sources) given.add(source.empty() ? root.path() : root.path(source));
  files.feed(given);
  PathList paths;
  for (std::size_t before = 1; before != paths.size();) {
    before = paths.size();
    files.take(paths, step);
    CHECK(paths.size() <= before + step);
  }
  Names names;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    CHECK(paths.path(i).data()[paths.path(i).size()] == '\0');
    std::string name(paths.path(i));
    if (name.starts_with(root.path())) name.erase(0, root.path().size() + 1);
    if (const std::string* reason = paths.refusal(i)) name += ": " + *reason;
    names.push_back(name);
  }
  return names;
}

void make_socket(const std::string& path) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  REQUIRE(path.size() < sizeof address.sun_path);
  path.copy(address.sun_path, path.size());
  REQUIRE(::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  ::close(descriptor);
}

}  // namespace

TEST_CASE("a folder gives its files by name, folders in their place, whatever the step") {
  const TemporaryFolder root;
  root.folder("b/y");
  root.folder("empty");
  for (const char* name : {"c", "a", "b/z", "b/y/2", "b/y/1", "B", "b.txt"}) root.file(name);
  const Names expected = {"B", "a", "b/y/1", "b/y/2", "b/z", "b.txt", "c"};
  for (const std::size_t step : {1, 2, 3, 1000}) CHECK(walk(root, {}, {""}, step) == expected);
  CHECK(walk(root, {.recursive = false}, {""}) == Names{"B", "a", "b.txt", "c"});
}

TEST_CASE("sources come as given, each as often as it is given") {
  const TemporaryFolder root;
  root.folder("d");
  for (const char* name : {"d/1", "b", "a"}) root.file(name);
  CHECK(walk(root, {}, {"b", "d/", "a", "b"}) == Names{"b", "d/1", "a", "b"});
}

TEST_CASE("more may be fed when everything is walked") {
  const TemporaryFolder root;
  FileWalk files({});
  PathList paths;
  files.take(paths, 5);
  CHECK(paths.size() == 0);
  files.feed({root.file("a")});
  files.take(paths, 5);
  files.feed({root.file("b")});
  files.take(paths, 5);
  CHECK(paths.size() == 2);
}

TEST_CASE("FIFOs and sockets are passed over in folders, and named when they are sources") {
  const TemporaryFolder root;
  REQUIRE(::mkfifo(root.path("fifo").c_str(), 0600) == 0);
  make_socket(root.path("socket"));
  root.file("file");
  CHECK(walk(root, {}, {""}) == Names{"file"});
  CHECK(walk(root, {}, {"fifo", "socket"}) ==
        Names{"fifo: not a regular file: a FIFO", "socket: not a regular file: a socket"});
  FileWalk files({});
  files.feed({"/dev/null"});
  PathList paths;
  files.take(paths, 1);
  CHECK(*paths.refusal(0) == "not a regular file: a device");
}

TEST_CASE("links to files are read, links to folders only when asked for, loops once") {
  const TemporaryFolder root;
  root.folder("d/e");
  root.file("d/e/1");
  REQUIRE(::symlink("d/e/1", root.path("file_link").c_str()) == 0);
  REQUIRE(::symlink("d", root.path("folder_link").c_str()) == 0);
  REQUIRE(::symlink("../..", root.path("d/e/up").c_str()) == 0);
  CHECK(walk(root, {}, {""}) == Names{"d/e/1", "file_link"});
  CHECK(walk(root, {.follow_links = true}, {""}) == Names{"d/e/1", "file_link"});
  CHECK(walk(root, {.follow_links = true}, {"folder_link"}) == Names{"folder_link/e/1", "folder_link/e/up/file_link"});
  CHECK(walk(root, {}, {"folder_link"}) == Names{"folder_link/e/1"});
}

TEST_CASE("what leads nowhere is said under its path") {
  const TemporaryFolder root;
  REQUIRE(::symlink("nowhere", root.path("broken").c_str()) == 0);
  REQUIRE(::symlink("loop", root.path("loop").c_str()) == 0);
  root.file("file");
  CHECK(walk(root, {}, {""}) ==
        Names{"broken: No such file or directory", "file", "loop: Too many levels of symbolic links"});
  CHECK(walk(root, {}, {"gone"}) == Names{"gone: No such file or directory"});
  FileWalk files({});
  files.feed({std::string("a\0b", 3), std::string(5000, 'x')});
  PathList paths;
  files.take(paths, 5);
  CHECK(*paths.refusal(0) == "the path holds a null character");
  CHECK(*paths.refusal(1) == "File name too long");
}

TEST_CASE("a folder that vanishes during the walk is a path with a reason") {
  const TemporaryFolder root;
  root.folder("a");
  root.file("a/1");
  root.folder("b");
  FileWalk files({});
  files.feed({root.path()});
  PathList paths;
  files.take(paths, 1);
  std::filesystem::remove(root.path("b"));
  files.take(paths, 5);
  REQUIRE(paths.size() == 2);
  CHECK(paths.path(1) == root.path("b"));
  CHECK(*paths.refusal(1) == "No such file or directory");
}

TEST_CASE("names need not be UTF-8") {
  const TemporaryFolder root;
  root.file("caf\xe9");
  CHECK(walk(root, {}, {""}) == Names{"caf\xe9"});
}

TEST_CASE("a list of paths is split with its reasons") {
  PathList paths;
  paths.add("a/", "b");
  paths.refuse("c", "why");
  paths.refuse("d", "why not");
  PathList rest = paths.split(2);
  CHECK(paths.size() == 2);
  CHECK(paths.path(1) == "c");
  CHECK(*paths.refusal(1) == "why");
  REQUIRE(rest.size() == 1);
  CHECK(rest.path(0) == "d");
  CHECK(*rest.refusal(0) == "why not");
  rest = paths.split(0);
  CHECK(paths.size() == 0);
  CHECK(rest.path(0) == "a/b");
  CHECK(rest.refusal(0) == nullptr);
}
