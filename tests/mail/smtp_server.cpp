#include "tests/mail/smtp_server.h"

#include <stdlib.h>

#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/support/database.h"

namespace narada::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string source_file(const std::string& name) {
  return std::string(NARADA_SOURCE_DIR) + "/tests/mail/" + name;
}

std::string file_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

fs::path new_directory() {
  std::string name = (fs::temp_directory_path() / "narada-mail-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  return name;
}

}  // namespace

SmtpServer::SmtpServer(SmtpServerOptions options)
    : options_(std::move(options)), directory_(new_directory()), port_(free_port()) {
  start();
}

SmtpServer::~SmtpServer() {
  stop();
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

void SmtpServer::stop() { process_.reset(); }

void SmtpServer::start() {
  json options{{"port", port_},
               {"directory", directory_.string()},
               {"secure", options_.secure},
               {"refuse_sender", options_.refuse_sender}};
  if (!options_.user.empty()) {
    options["credentials"] = {{"user", options_.user}, {"pass", options_.password}};
  }
  if (options_.storm) {
    options["storm"] = {{"seed", 4},   {"later", 0.05},   {"closing", 0.02},
                        {"cut", 0.02}, {"dropped", 0.01}, {"hanging", 0.003}};
  }
  if (options_.certificate) {
    options["key"] = source_file("self_signed.key");
    options["cert"] = source_file("self_signed.cert");
  }
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{"node", source_file("smtp_server.cjs"), options.dump()});
  if (process_->read_line() != "ready") throw std::runtime_error("the SMTP server did not start");
}

std::string SmtpServer::address() const { return "127.0.0.1:" + std::to_string(port_); }

std::vector<ReceivedMail> SmtpServer::received() const {
  std::map<int, ReceivedMail> mails;
  std::ifstream events(directory_ / "events.jsonl");
  for (std::string line; std::getline(events, line);) {
    const json event = json::parse(line);
    if (event.contains("stored")) {
      const int number = event["stored"];
      mails[number] = {event["to"],     event["from"],
                       event["id"],     event["user"],
                       event["secure"], file_text(directory_ / (std::to_string(number) + ".eml"))};
    } else if (event.contains("answered")) {
      mails.at(event["answered"]).answered = true;
    } else if (event.contains("seen")) {
      mails.at(event["seen"]).answer_seen = true;
    }
  }
  std::vector<ReceivedMail> result;
  for (auto& [number, mail] : mails) result.push_back(std::move(mail));
  return result;
}

std::vector<SmtpServer::Asked> SmtpServer::asked() const {
  std::vector<Asked> result;
  std::ifstream events(directory_ / "events.jsonl");
  for (std::string line; std::getline(events, line);) {
    const json event = json::parse(line);
    if (event.contains("asked")) result.push_back({event["asked"], event["at"]});
  }
  return result;
}

std::size_t SmtpServer::count_received() const {
  std::size_t count = 0;
  std::ifstream events(directory_ / "events.jsonl");
  for (std::string line; std::getline(events, line);) {
    if (line.starts_with("{\"stored\"")) ++count;
  }
  return count;
}

std::string self_signed_certificate() { return source_file("self_signed.cert"); }

ScratchDirectory::ScratchDirectory() : path_(new_directory()) {}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace narada::testing
