// Uploads by tus 1.0.0: creation, creation-with-upload, creation-defer-length, termination,
// checksum, expiration.
#include "service/usecases/materials/uploads.h"

#include <functional>
#include <memory>
#include <utility>

#include "service/http/api/context.h"
#include "service/http/api/routes.h"
#include "service/http/api/upload_headers.h"
#include "service/http/errors.h"
#include "service/http/own_request.h"
#include "service/http/pages/account/session.h"
#include "service/http/upload_sender.h"
#include "service/usecases/materials/upload_intake.h"
#include "service/usecases/people/sessions.h"
#include "service/usecases/unavailable.h"

namespace narada::http::api {
namespace {

using usecases::PieceEnd;
using usecases::PieceTerms;
using usecases::StagedPiece;
using usecases::UploadIntake;
using usecases::UploadRecord;

constexpr std::string_view kCollection = "/api/v1/uploads";
constexpr std::string_view kExtensions =
    "creation,creation-with-upload,creation-defer-length,termination,checksum,expiration";
constexpr std::uint64_t kReadOfNewTokens = std::uint64_t{16} << 20;
constexpr std::string_view kAlgorithms = "sha1,sha256,sha512";

std::string key_of(const Request& request) {
  const auto found = request.params.find("key");
  return found == request.params.end() ? std::string() : found->second;
}

// A browser's cookie counts for what a page of ours asks; reading alone changes nothing.
usecases::Actor actor_of(const usecases::Environment& environment, const Request& request) {
  if (request.find_header("authorization")) return Context(environment, request).actor();
  const auto session = usecases::find_session(environment, pages::session_cookie(request));
  if (!session) {
    Problem problem = problem_of_status(401);
    problem.headers.emplace_back("WWW-Authenticate", R"(Bearer realm="narada")");
    throw Error(std::move(problem));
  }
  const bool is_own = is_own_origin(request, environment.base_url) &&
                      (method_of(request) == Method::head || has_own_token(request));
  if (!is_own) {
    Problem problem = problem_of_status(403);
    problem.code = "foreign_form";
    throw Error(std::move(problem), "upload of another origin, or without its token");
  }
  return session->actor;
}

// With an Idempotency-Key, of what the headers ask for: there is no other body to tell two apart.
usecases::Call call_of(const usecases::Environment& environment, const Request& request) {
  auto call = Context(environment, request).call_as(actor_of(environment, request));
  if (!call.idempotency_key) return call;
  std::string asked = request.path;
  for (const auto* name : {"upload-length", "upload-defer-length", "upload-metadata"}) {
    asked.append("\n").append(request.header(name));
  }
  call.request_digest = usecases::hash_token(asked);
  return call;
}

std::optional<usecases::PieceChecksum> begin_checksum(const Request& request) {
  auto sent = find_checksum(request);
  if (!sent) return std::nullopt;
  return usecases::PieceChecksum::begin(sent->algorithm, std::move(sent->value));
}

PieceTerms terms_of(const Request& request) {
  return {required_octets(request, "upload-offset"), find_octets(request, "upload-length")};
}

// The octets of one request. What its handler does not come for is settled by the intake.
class UploadSink final : public BodySink {
 public:
  using Cut = std::function<void(UploadIntake&, std::shared_ptr<StagedPiece>)>;

  UploadSink(std::shared_ptr<UploadIntake> intake, std::shared_ptr<StagedPiece> piece, Cut cut)
      : intake_(std::move(intake)), piece_(std::move(piece)), cut_(std::move(cut)) {}
  ~UploadSink() override {
    if (piece_) cut_(*intake_, std::move(piece_));
  }
  UploadSink(const UploadSink&) = delete;
  UploadSink& operator=(const UploadSink&) = delete;

  bool write(std::string_view bytes) override { return piece_->write(bytes); }
  void complete() override {}
  std::shared_ptr<StagedPiece> release() { return std::exchange(piece_, nullptr); }

 private:
  std::shared_ptr<UploadIntake> intake_;  // outlives the piece
  std::shared_ptr<StagedPiece> piece_;
  Cut cut_;
};

std::shared_ptr<StagedPiece> piece_of(const Request& request) {
  auto* sink = dynamic_cast<UploadSink*>(request.sink.get());
  return sink != nullptr ? sink->release() : nullptr;
}

// What tells who sends it, after the request has gone.
Request head_of(const Request& request) {
  Request head;
  head.method = request.method;
  head.path = request.path;
  head.headers = request.headers;
  head.remote_address = request.remote_address;
  head.secure = request.secure;
  return head;
}

struct Uploads {
  const usecases::Environment& environment;
  std::shared_ptr<UploadIntake> intake;

  std::unique_ptr<BodySink> new_sink(const Request& request) const;
  std::unique_ptr<BodySink> piece_sink(const Request& request) const;
  std::unique_ptr<BodySink> piece_sink_of(const Request& request) const;
  Response create(const Request& request) const;
  Response on_upload(const Request& request) const;
  Response look(const Request& request) const;
  Response append(const Request& request) const;
  Response end(const Request& request) const;
};

// A sink that throws would be a failure of ours: what is wrong with a head the handler says.
template <class Make>
std::unique_ptr<BodySink> sink_or_nothing(const Make& make) {
  try {
    return make();
  } catch (const Error&) {
    return nullptr;
  }
}

// Of somebody who may be anybody: as much as a token that is new here may bring at once is read and
// forgotten, so that the handler answers.
void refuse_long_body_of_stranger(const usecases::Environment& environment,
                                  const Request& request) {
  if (is_upload_sender(environment, request)) return;
  const bool has_token = request.find_header("authorization").has_value();
  refuse_long_body(request, has_token ? kReadOfNewTokens : kReadOfStrangers);
}

std::unique_ptr<BodySink> Uploads::new_sink(const Request& request) const {
  refuse_long_body_of_stranger(environment, request);
  if (!is_upload_sender(environment, request)) return nullptr;
  return sink_or_nothing([&]() -> std::unique_ptr<BodySink> {
    if (!has_version(request) || method_of(request) != Method::post || !is_offset_stream(request)) {
      return nullptr;
    }
    auto piece = intake->begin_new(begin_checksum(request));
    if (!piece) return nullptr;
    return std::make_unique<UploadSink>(
        intake, std::move(piece),
        [](UploadIntake& to, std::shared_ptr<StagedPiece> cut) { to.drop_new(std::move(cut)); });
  });
}

std::unique_ptr<BodySink> Uploads::piece_sink(const Request& request) const {
  // Who knows the address of an upload is no stranger to it.
  auto sink = piece_sink_of(request);
  if (!sink) refuse_long_body_of_stranger(environment, request);
  return sink;
}

std::unique_ptr<BodySink> Uploads::piece_sink_of(const Request& request) const {
  return sink_or_nothing([&]() -> std::unique_ptr<BodySink> {
    if (!has_version(request) || method_of(request) != Method::patch ||
        !is_offset_stream(request)) {
      return nullptr;
    }
    const auto terms = terms_of(request);
    auto piece = intake->begin(key_of(request), terms.offset, begin_checksum(request));
    if (!piece) return nullptr;
    auto find_actor = [&environment = environment,
                       head = head_of(request)]() -> std::optional<usecases::Actor> {
      try {
        return actor_of(environment, head);
      } catch (const Error&) {
        return std::nullopt;
      }
    };
    return std::make_unique<UploadSink>(
        intake, std::move(piece),
        [terms, find_actor](UploadIntake& to, std::shared_ptr<StagedPiece> cut) {
          to.cut(std::move(cut), terms, find_actor);
        });
  });
}

// A limit that is in the way, which has a status of its own in tus.
[[noreturn]] void refuse_lack(const domain::FieldErrors& errors) {
  const auto& error = errors.front();
  const bool has_no_space = error.code == "upload_no_space";
  const bool is_limit = has_no_space || error.code.starts_with("upload_quota") ||
                        error.code.starts_with("upload_too_");
  Problem problem = problem_of_status(has_no_space ? 507 : is_limit ? 413 : 422);
  if (error.code == "upload_checksum") problem = problem_of_status(460);
  if (is_limit) problem.code = error.code;
  problem.details = error.details;
  problem.errors = errors;
  throw Error(std::move(problem));
}

[[noreturn]] void refuse(int status, std::string_view code) {
  Problem problem = problem_of_status(status);
  problem.code = code;
  throw Error(std::move(problem));
}

template <class T>
T take(domain::Outcome<T> outcome) {
  if (outcome) return std::move(outcome).value();
  if (const auto* errors = std::get_if<domain::FieldErrors>(&outcome.failure())) {
    refuse_lack(*errors);
  }
  if (const auto* conflict = std::get_if<domain::Conflict>(&outcome.failure())) {
    if (conflict->code == "upload_gone") throw Error(410);
    if (conflict->code == "upload_busy") throw Error(423);
  }
  throw Error(problem_of(outcome.failure()));
}

// The address as the client knows the site: behind which proxies only it can say.
std::string address_of(const usecases::Environment& environment, const Request& request,
                       const std::string& key) {
  const auto host = request.header("host");
  const std::string site = host.empty()
                               ? environment.base_url
                               : (request.secure ? "https://" : "http://") + std::string(host);
  return site + std::string(kCollection) + '/' + key;
}

Response answer_about(int status, const UploadRecord& upload) {
  Response response;
  response.status = status;
  response.set("Upload-Offset", std::to_string(upload.received));
  response.set("Upload-Expires", http_date(upload.expires_at));
  return response;
}

Response Uploads::create(const Request& request) const {
  if (method_of(request) != Method::post) throw Error(405);
  require_version(request);
  const auto call = call_of(environment, request);
  if (has_body(request) && !is_offset_stream(request)) refuse(415, "upload_content_type");
  find_checksum(request);
  const auto metadata = read_metadata(request);
  usecases::NewUpload wanted{owner_in(metadata), file_name_in(metadata), length_of_new(request),
                             std::string(request.header("upload-metadata"))};
  const bool brings = is_offset_stream(request);
  const auto created = take(usecases::create_upload(environment, call, wanted, piece_of(request)));
  note_upload_sender(request);
  Response response;
  response.status = 201;
  if (brings) response = answer_about(201, created.upload);
  response.set("Upload-Expires", http_date(created.upload.expires_at));
  return response.set("Location", address_of(environment, request, created.key));
}

Response Uploads::look(const Request& request) const {
  const auto actor = actor_of(environment, request);
  const auto upload = take(intake->find(actor, key_of(request)));
  note_upload_sender(request);
  if (upload.taken) throw Error(410);  // there is nothing to go on with: it is a material's
  auto response = answer_about(200, upload);
  if (upload.size) {
    response.set("Upload-Length", std::to_string(*upload.size));
  } else {
    response.set("Upload-Defer-Length", "1");
  }
  if (!upload.metadata.empty()) response.set("Upload-Metadata", upload.metadata);
  return response;
}

Response Uploads::append(const Request& request) const {
  const auto actor = actor_of(environment, request);
  if (!is_offset_stream(request)) refuse(415, "upload_content_type");
  const auto terms = terms_of(request);
  find_checksum(request);
  const auto kept = intake->keep(actor, key_of(request), terms, piece_of(request));
  switch (kept.end) {
    case PieceEnd::kept:
      note_upload_sender(request);
      return answer_about(204, *kept.upload);
    case PieceEnd::unknown:
      throw Error(404);
    case PieceEnd::forbidden:
      throw Error(403);
    case PieceEnd::gone:
      throw Error(410);
    case PieceEnd::busy:
      throw Error(423);
    case PieceEnd::wrong_offset:
      refuse(409, "upload_offset");
    case PieceEnd::wrong_size:
      refuse(400, "upload_length");
    case PieceEnd::too_long:
      refuse(413, "upload_too_long");
    case PieceEnd::checksum:
      throw Error(460);
    case PieceEnd::no_room:
      break;
  }
  refuse_lack(kept.lack);
}

Response Uploads::end(const Request& request) const {
  take(usecases::end_upload(environment, call_of(environment, request), key_of(request)));
  Response response;
  response.status = 204;
  return response;
}

Response Uploads::on_upload(const Request& request) const {
  const auto method = method_of(request);
  require_version(request);
  switch (method) {
    case Method::head:
      return look(request);
    case Method::patch:
      return append(request);
    case Method::del:
      return end(request);
    default:
      break;
  }
  Problem problem = problem_of_status(405);
  problem.headers.emplace_back("Allow", "HEAD, PATCH, DELETE, OPTIONS");
  throw Error(std::move(problem));
}

// tus wants its version on every answer, also on those that the middleware writes.
template <class Handle>
Response answer_tus(const Handle& handle) {
  Problem problem;
  std::string internal;
  try {
    return handle().set("Tus-Resumable", std::string(kTusVersion)).set("Cache-Control", "no-store");
  } catch (const Error& error) {
    problem = error.problem();
    internal = error.what();
  } catch (const usecases::Unavailable& error) {
    problem = problem_of_status(503);
    problem.headers.emplace_back("Retry-After", "5");
    internal = error.what();
  } catch (const std::exception& error) {
    problem = problem_of_status(500);
    internal = error.what();
  }
  problem.headers.emplace_back("Tus-Resumable", kTusVersion);
  throw Error(std::move(problem), internal);
}

Response tell_abilities(std::uint64_t most) {
  Response response;
  response.status = 204;
  response.set("Tus-Version", std::string(kTusVersion));
  response.set("Tus-Extension", std::string(kExtensions));
  response.set("Tus-Max-Size", std::to_string(most));
  response.set("Tus-Checksum-Algorithm", std::string(kAlgorithms));
  return response;
}

using Handle = Response (Uploads::*)(const Request&) const;
using MakeSink = std::unique_ptr<BodySink> (Uploads::*)(const Request&) const;

}  // namespace

void add_upload_routes(Router& router, const usecases::Environment& environment) {
  const Uploads uploads{environment, std::make_shared<UploadIntake>(environment)};
  const auto add = [&](Method method, std::string_view pattern, Handle handle, MakeSink sink) {
    RouteOptions options;
    options.refusal_headers = {{"Tus-Resumable", std::string(kTusVersion)}};
    if (sink != nullptr) {
      options.body_limit = environment.materials.file;
      options.sink = [uploads, sink](const Request& request) { return (uploads.*sink)(request); };
    }
    router.add(
        method, std::string(pattern),
        [uploads, handle](const Request& request) {
          return answer_tus([&] { return (uploads.*handle)(request); });
        },
        std::move(options));
  };
  const std::string one = std::string(kCollection) + "/{key}";
  add(Method::post, kCollection, &Uploads::create, &Uploads::new_sink);
  add(Method::head, one, &Uploads::on_upload, nullptr);
  add(Method::patch, one, &Uploads::on_upload, &Uploads::piece_sink);
  add(Method::post, one, &Uploads::on_upload, &Uploads::piece_sink);
  add(Method::del, one, &Uploads::on_upload, nullptr);
  for (const auto& pattern : {std::string(kCollection), one}) {
    RouteOptions on_io;
    on_io.inline_on_io = true;
    router.add(
        Method::options, pattern,
        [&environment](const Request&) { return tell_abilities(environment.materials.file); },
        std::move(on_io));
  }
}

}  // namespace narada::http::api
