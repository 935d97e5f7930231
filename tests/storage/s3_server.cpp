#include "tests/storage/s3_server.h"

#include <curl/curl.h>

#include <filesystem>
#include <sstream>

namespace narada::testing {
namespace {

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* text) {
  static_cast<std::string*>(text)->append(bytes, size * count);
  return size * count;
}

std::string header(CURL* handle, const char* name) {
  curl_header* found = nullptr;
  return curl_easy_header(handle, name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK ? found->value
                                                                                  : "";
}

}  // namespace

S3Server::S3Server() {
  const auto objects = directory_.path() / "objects";
  std::filesystem::create_directory(objects);
  // It makes the tokens of its pages with DES.
  process_ = std::make_unique<ChildProcess>(std::vector<std::string>{
      "node", "--openssl-legacy-provider",
      std::string(NARADA_SOURCE_DIR) + "/tests/storage/s3_server.cjs", objects.string(), "0"});
  port_ = process_->read_line();
}

files::S3Blobs::Options S3Server::options() const {
  files::S3Blobs::Options options;
  options.store.endpoint = endpoint();
  options.store.bucket = "files";
  options.store.key = {"S3RVER", "S3RVER", "eu-central-1"};
  options.store.first_pause = std::chrono::milliseconds(10);
  options.prefix = "narada/materials";
  options.scratch = directory_.path();
  return options;
}

void S3Server::fail(int status, int count) const {
  fetch(endpoint() + "/-/fail/" + std::to_string(status) + "/" + std::to_string(count));
}

std::vector<std::string> S3Server::log() const {
  std::istringstream text(fetch(endpoint() + "/-/log").body);
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

Fetched fetch(const std::string& url) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(),
                                                                   curl_easy_cleanup);
  Fetched fetched;
  curl_easy_setopt(handle.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &fetched.body);
  curl_easy_perform(handle.get());
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &fetched.status);
  fetched.content_type = header(handle.get(), "content-type");
  fetched.content_disposition = header(handle.get(), "content-disposition");
  return fetched;
}

}  // namespace narada::testing
