#include "service/http/upload_sender.h"

#include <charconv>
#include <string>

#include "service/http/errors.h"
#include "service/http/pages/account/session.h"
#include "service/usecases/materials/upload_pass.h"

namespace narada::http {
namespace {

std::string pass_cookie(const Request& request) {
  return request.secure ? "__Host-upload_pass" : "upload_pass";
}

}  // namespace

bool is_upload_sender(const usecases::Environment& environment, const Request& request) {
  if (const auto bearer = request.find_header("authorization"))
    return usecases::is_upload_sender(*bearer);
  const auto session = pages::session_cookie(request);
  return usecases::is_upload_sender(session) ||
         is_upload_pass(environment, session, request.cookie(pass_cookie(request)).value_or(""));
}

void note_upload_sender(const Request& request) {
  const auto bearer = request.find_header("authorization");
  usecases::note_upload_sender(bearer ? std::string(*bearer) : pages::session_cookie(request));
}

void give_upload_pass(const usecases::Environment& environment, const Request& request,
                      Response& response) {
  const auto session = pages::session_cookie(request);
  const auto given = request.cookie(pass_cookie(request)).value_or("");
  if (session.empty() || is_upload_pass(environment, session, given)) return;
  response.add("Set-Cookie", pass_cookie(request) + "=" + make_upload_pass(environment, session) +
                                 "; Path=/; HttpOnly; SameSite=Strict" +
                                 (request.secure ? "; Secure" : ""));
}

void refuse_long_body(const Request& request, std::uint64_t most) {
  const auto text = request.header("content-length");
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  const bool is_said = error == std::errc() && end == text.data() + text.size();
  const bool has_none = text.empty() && !request.find_header("transfer-encoding");
  if (!has_none && (!is_said || length > most))
    throw Error(401, "a long body of somebody whom nobody knows");
}

}  // namespace narada::http
