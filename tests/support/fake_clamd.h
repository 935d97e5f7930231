#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>

namespace narada::testing {

// Speaks the protocol of clamd over a socket of this machine: PING, and INSTREAM with its framing
// and its limit. Finds the EICAR test file.
class FakeClamd {
 public:
  enum class Manner {
    honest,
    dies_midway,  // closes the connection when it has some of the file
    is_mute,      // takes the file and says nothing
    talks_nonsense,
  };
  explicit FakeClamd(std::filesystem::path socket, std::size_t stream_limit = 1U << 20);
  ~FakeClamd();
  FakeClamd(const FakeClamd&) = delete;
  FakeClamd& operator=(const FakeClamd&) = delete;

  void behave(Manner manner) { manner_ = manner; }
  std::string address() const { return socket_.string(); }
  int scans() const { return scans_; }

 private:
  void serve(const std::stop_token& stopping);
  void answer(int client);
  void scan(int client);

  const std::filesystem::path socket_;
  const std::size_t stream_limit_;
  std::atomic<Manner> manner_ = Manner::honest;
  std::atomic<int> scans_ = 0;
  int listener_ = -1;
  std::jthread thread_;
};

// The harmless file that every scanner finds; put together only here, so that none finds the
// sources.
std::string eicar();

}  // namespace narada::testing
