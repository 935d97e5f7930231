#pragma once

#include <chrono>
#include <stdexcept>
#include <stop_token>
#include <string>

namespace narada::files {

enum class ScanVerdict {
  clean,
  infected,
  too_large,  // more than the scanner takes (StreamMaxLength of clamd)
};

struct ScanResult {
  ScanVerdict verdict = ScanVerdict::clean;
  std::string found;  // the name of what infects it
};

// The scanner is not there, broke off or took too long: it is to be tried again.
class ScannerUnavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct ScannerPatience {
  std::chrono::milliseconds silence{30'000};   // while it is sent the file
  std::chrono::milliseconds verdict{300'000};  // when it has the file
};

// clamd, asked by INSTREAM, so that it needs no right to read the files. Thread-safe: each scan has
// a connection of its own.
class ClamAv {
 public:
  // "/run/clamav/clamd.ctl", or "host:port" for TCP. Throws std::invalid_argument.
  explicit ClamAv(const std::string& address, ScannerPatience patience = {});

  // The whole file, from its beginning. Throws ScannerUnavailable, also when it is asked to stop;
  // std::system_error when the file cannot be read.
  ScanResult scan(int descriptor, const std::stop_token& stopping = {}) const;
  // Throws ScannerUnavailable unless it answers.
  void ping() const;
  const std::string& description() const { return address_; }

 private:
  std::string address_;
  std::string host_, port_;  // empty: a socket of this machine
  ScannerPatience patience_;
};

}  // namespace narada::files
