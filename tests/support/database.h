#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "sql/connection.h"
#include "sql/pool.h"

namespace narada::testing {

// A private MariaDB server: its directory (below /dev/shm when there is room) and its process die
// with this object or with the test process, however that ends. The data begins as a copy of a
// directory that is set up once per build tree, so a server is there in about 0.2 s.
class DatabaseServer {
 public:
  // `arguments` are added to mariadbd's own, e.g. "--skip-ssl". With a port it also listens on
  // 127.0.0.1. Throws std::runtime_error with the server's log when it does not start.
  explicit DatabaseServer(std::vector<std::string> arguments = {}, std::uint16_t port = 0);
  ~DatabaseServer();
  DatabaseServer(const DatabaseServer&) = delete;
  DatabaseServer& operator=(const DatabaseServer&) = delete;

  const std::string& socket() const { return socket_; }
  // All rights, through the socket; an empty schema is none.
  storage::DatabaseAddress address(const std::string& schema = "") const;
  // A new empty schema; its name.
  std::string create_schema();
  // As after a power cut of the process: SIGKILL, then a start on what is on the disk.
  void kill_and_restart();
  void kill_hard();

 private:
  std::vector<std::string> command() const;
  void start();
  void launch();
  void await_answer() const;

  std::filesystem::path directory_;
  std::string socket_;
  std::vector<std::string> arguments_;
  std::uint16_t port_;
  pid_t process_ = 0;
  std::thread keeper_;  // the server dies with the thread that started it
  int schemas_ = 0;
  std::mutex mutex_;
};

// A schema of one test on the server that this test process shares; dropped at the end.
class TestDatabase {
 public:
  static DatabaseServer& server();
  // With every migration applied.
  static TestDatabase fresh(storage::PoolOptions options = {});
  // Without any table.
  static TestDatabase empty(storage::PoolOptions options = {});

  TestDatabase(TestDatabase&&) noexcept = default;
  TestDatabase& operator=(TestDatabase&&) = delete;
  ~TestDatabase();

  storage::Pool& pool() { return *pool_; }
  storage::DatabaseAddress address() const;
  // Of an account that may do what narada migrate grants the one that serves.
  storage::DatabaseAddress serving_address();
  // For a program under test: the value of NARADA_DATABASE, of the account with all rights or of
  // the one that serves.
  std::string url() const;
  std::string serving_url();
  // KILLs every session on this schema; how many there were.
  int kill_connections();

 private:
  TestDatabase(std::string schema, storage::PoolOptions options);

  std::string schema_;
  std::unique_ptr<storage::Connection> administrator_;
  std::unique_ptr<storage::Pool> pool_;
};

// A port below the ephemeral range on which nothing listens on 127.0.0.1.
std::uint16_t free_port();

}  // namespace narada::testing
