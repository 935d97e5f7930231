#pragma once

#include <string>
#include <string_view>

#include "service/usecases/environment.h"

// Who may fill a slot for octets before the database is asked who they are: whoever was shown a
// page that brings files, or has been let in with the same credential lately. It opens nothing
// else: what came is asked about before it is kept.
namespace narada::usecases {

// For whom such a page is shown to: what their browser sends along with the cookie of the session.
std::string make_upload_pass(const Environment&, std::string_view session);
// Any thread, without waiting.
bool is_upload_pass(const Environment&, std::string_view session, std::string_view pass);

// A session or bearer token that was let in to bring a file just now, remembered by this process
// for two hours. Thread-safe, without waiting.
void note_upload_sender(std::string_view credential);
bool is_upload_sender(std::string_view credential);

}  // namespace narada::usecases
