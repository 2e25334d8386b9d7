// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/record_batch_export.h"

#include <cerrno>
#include <new>

namespace turbodicom::dicom {

namespace {

// What an exported struct owns: its children's memory, and a share in the whole.
template <typename Exported, typename Whole>
struct Owner {
  std::shared_ptr<const Whole> whole;
  std::vector<const void*> buffers;
  std::vector<Exported> children;
  std::vector<Exported*> pointers;
};

using SchemaOwner = Owner<ArrowSchema, ArrowField>;
using ArrayOwner = Owner<ArrowArray, RecordBatch>;

template <typename Exported, typename Kept>
void release(Exported* exported) {
  auto* owner = static_cast<Kept*>(exported->private_data);
  for (Exported& child : owner->children)
    if (child.release != nullptr) child.release(&child);
  exported->release = nullptr;
  delete owner;
}

// `fill` exports child `i` into its place. When it throws, those before are released.
template <typename Exported, typename Kept, typename Fill>
void fill_children(Exported& to, Kept& owner, std::size_t count, Fill fill) {
  owner.children.assign(count, Exported{});
  for (std::size_t i = 0; i < count; ++i) owner.pointers.push_back(&owner.children[i]);
  to.n_children = static_cast<std::int64_t>(count);
  to.children = owner.pointers.data();
  for (std::size_t i = 0; i < count; ++i) fill(i, owner.children[i]);
}

void export_field(const std::shared_ptr<const ArrowField>& whole, const ArrowField& field, ArrowSchema& to) {
  to = {};
  to.format = field.format.c_str();
  to.name = field.name.c_str();
  to.flags = kArrowNullable;
  to.private_data = new SchemaOwner{whole, {}, {}, {}};
  to.release = release<ArrowSchema, SchemaOwner>;
  try {
    fill_children(to, *static_cast<SchemaOwner*>(to.private_data), field.children.size(),
                  [&](std::size_t i, ArrowSchema& child) { export_field(whole, field.children[i], child); });
  } catch (...) {
    to.release(&to);
    throw;
  }
}

void export_column(const std::shared_ptr<const RecordBatch>& whole, const ArrowColumn& column, ArrowArray& to) {
  to = {};
  to.length = column.length;
  to.null_count = column.null_count;
  to.private_data = new ArrayOwner{whole, {}, {}, {}};
  to.release = release<ArrowArray, ArrayOwner>;
  auto& owner = *static_cast<ArrayOwner*>(to.private_data);
  try {
    for (const ArrowBuffer& buffer : column.buffers) owner.buffers.push_back(buffer.data());
    to.n_buffers = static_cast<std::int64_t>(owner.buffers.size());
    to.buffers = owner.buffers.data();
    fill_children(to, owner, column.children.size(),
                  [&](std::size_t i, ArrowArray& child) { export_column(whole, column.children[i], child); });
  } catch (...) {
    to.release(&to);
    throw;
  }
}

struct Stream {
  std::shared_ptr<const ArrowField> schema;
  std::vector<std::shared_ptr<const RecordBatch>> batches;
  std::size_t next = 0;
};

Stream& state_of(ArrowArrayStream* stream) noexcept { return *static_cast<Stream*>(stream->private_data); }

// Callbacks of C: no exception leaves them.
template <typename Body>
int guarded(Body body) noexcept {
  try {
    body();
    return 0;
  } catch (...) {
    return ENOMEM;
  }
}

int stream_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  return guarded([&] { export_schema(state_of(stream).schema, *out); });
}

int stream_next(ArrowArrayStream* stream, ArrowArray* out) {
  Stream& state = state_of(stream);
  if (state.next == state.batches.size()) {
    *out = {};
    return 0;
  }
  const int error = guarded([&] { export_array(state.batches[state.next], *out); });
  if (error == 0) state.batches[state.next++].reset();
  return error;
}

const char* stream_error(ArrowArrayStream*) { return "out of memory"; }

void stream_release(ArrowArrayStream* stream) {
  delete &state_of(stream);
  stream->release = nullptr;
}

}  // namespace

void export_schema(std::shared_ptr<const ArrowField> schema, ArrowSchema& to) { export_field(schema, *schema, to); }

void export_array(std::shared_ptr<const RecordBatch> batch, ArrowArray& to) { export_column(batch, batch->table, to); }

void export_stream(std::shared_ptr<const ArrowField> schema, std::vector<std::shared_ptr<const RecordBatch>> batches,
                   ArrowArrayStream& to) {
  to = {stream_schema, stream_next, stream_error, stream_release, new Stream{std::move(schema), std::move(batches), 0}};
}

}  // namespace turbodicom::dicom
