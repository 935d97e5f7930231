#pragma once

#include <memory>
#include <string>
#include <vector>

#include "files/s3_blobs.h"
#include "tests/support/child_process.h"
#include "tests/support/temporary_directory.h"

namespace narada::testing {

// A server of S3 with the empty bucket "files", which checks signatures; it dies with this object.
class S3Server {
 public:
  S3Server();

  std::string endpoint() const { return "http://127.0.0.1:" + port_; }
  // A store on it that pauses shortly between tries.
  files::S3Blobs::Options options() const;
  // Answers the next `count` requests so.
  void fail(int status, int count) const;
  // The requests since the last question: "PUT /files/KEY".
  std::vector<std::string> log() const;
  void stop() { process_.reset(); }

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<ChildProcess> process_;
  std::string port_;
};

// The answer of a GET by anybody.
struct Fetched {
  long status = 0;
  std::string content_type;
  std::string content_disposition;
  std::string body;
};
Fetched fetch(const std::string& url);

}  // namespace narada::testing
