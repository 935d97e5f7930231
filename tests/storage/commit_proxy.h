#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace narada::testing {

// Stands between a pool and the server's socket and cuts a connection when told to. At the next
// COMMIT: before the server hears of it, or after it has answered; for good, so that nobody gets
// through any more either. Or while it is being opened.
class CommitProxy {
 public:
  enum class Cut { nowhere, before_server, before_client, for_good };

  explicit CommitProxy(std::string server_socket);
  ~CommitProxy();
  CommitProxy(const CommitProxy&) = delete;
  CommitProxy& operator=(const CommitProxy&) = delete;

  const std::string& socket_path() const { return path_; }
  void cut_next_commit(Cut cut) { cut_ = cut; }
  void cut_next_openings(int count) { openings_to_cut_ = count; }

 private:
  void accept_clients();
  void serve(int client, int server);

  std::string server_socket_;
  std::string path_;
  int listener_;
  std::atomic<bool> closing_ = false;
  std::atomic<bool> shut_ = false;
  std::atomic<int> openings_to_cut_ = 0;
  std::atomic<Cut> cut_ = Cut::nowhere;
  std::vector<std::thread> sessions_;
  std::thread acceptor_;
};

}  // namespace narada::testing
