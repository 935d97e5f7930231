#pragma once

#include <memory>
#include <string>

#include "service/domain/outcome.h"
#include "service/http/pages/form.h"
#include "service/http/pages/material_forms.h"
#include "service/usecases/materials/uploads.h"

namespace narada::http::pages {

// Endings of names that files may have, for the browser's picker and its script; what a file is the
// inspection decides by its content.
inline constexpr std::string_view kAcceptedEndings =
    ".pdf,.odt,.ods,.odp,.docx,.xlsx,.pptx,.doc,.xls,.ppt,.rtf,.txt,.md,.csv,.json,.geojson,.ics,"
    ".epub,.png,.jpg,.jpeg,.webp,.gif,.mp3,.mp4,.webm,.ogg,.zip";

// For panel_material_upload and panel_material_file.
enum class UploadMode { files, version };
void fill_upload(Page& page, const MaterialRoom& room, UploadMode mode, std::size_t rows = 0);

// The page of such a form, of somebody who may bring a file there.
Response with_upload_pass(const Page& page, Response response);

// A form with one file, which came piece by piece.
struct PostedFile {
  OwnForm fields;
  std::string file_name;                     // empty: none was chosen
  std::uint64_t size = 0;                    // octets that came
  std::unique_ptr<usecases::FormFile> file;  // null: there was no room for it
};
// Of a route with these options. Throws Error 400 for a malformed body, 415 for another type, 403
// as read_own_form.
RouteOptions file_form_options(const Parts& parts);
PostedFile read_posted_file(const Page& page);

// The key of the upload that the form brings: that of its file, or one that was here before
// ("upload"). What is wrong adds an error of "file"; empty: nothing to take.
std::string take_posted_upload(const Page& page, const usecases::SignedIn& signed_in,
                               const MaterialRoom& room, PostedFile& posted,
                               domain::FieldErrors& errors);

}  // namespace narada::http::pages
