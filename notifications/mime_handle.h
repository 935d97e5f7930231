#pragma once

#include <gmime/gmime.h>

#include <memory>
#include <string>
#include <string_view>

// GMime objects with one owner, for the .cpp files of this folder.
namespace narada::notifications {

struct GObjectDeleter {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using GObjectHandle = std::unique_ptr<T, GObjectDeleter>;

// Once in the process, before any other call of GMime.
void initialize_gmime();

// `object` written out with CRLF.
std::string to_bytes(GMimeObject* object);

// Replaces the part's content; `encoding` is how it will be written.
void set_content(GMimePart* part, std::string_view content, GMimeContentEncoding encoding);

}  // namespace narada::notifications
