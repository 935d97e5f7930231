// tools/database, as ./run uses it.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "sql/connection.h"
#include "sql/error.h"
#include "sql/migrations.h"
#include "sql/pool.h"
#include "sql/serving_account.h"

using namespace narada::storage;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct Outcome {
  int status;
  std::string output;
};

Outcome shell(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  std::array<char, 256> buffer{};
  while (fgets(buffer.data(), buffer.size(), pipe) != nullptr) output += buffer.data();
  if (!output.empty() && output.back() == '\n') output.pop_back();
  return {pclose(pipe), output};
}

// A directory of its own whose server is gone at the end.
class PrivateServer {
 public:
  explicit PrivateServer(const std::string& below = "") {
    std::string name = fs::temp_directory_path() / "narada-server-XXXXXX";
    root_ = mkdtemp(name.data());
    chmod(root_.c_str(), 0755);  // as a checkout is: the server's user must get through
    directory_ = root_ / below / "db";
  }
  ~PrivateServer() {
    shell(command("stop"));
    fs::remove_all(root_);
  }
  PrivateServer(const PrivateServer&) = delete;
  PrivateServer& operator=(const PrivateServer&) = delete;

  const fs::path& directory() const { return directory_; }
  std::string command(const std::string& verb, const std::string& more = "") const {
    return fmt::format("'{}/tools/database' {} '{}' {} 2>&1", NARADA_SOURCE_DIR, verb,
                       directory_.string(), more);
  }
  // The URL.
  std::string start(const std::string& more = "") const {
    const Outcome outcome = shell(command("start", more));
    CAPTURE(outcome.output);
    REQUIRE(outcome.status == 0);
    return outcome.output;
  }
  // The URL of the account that owns the tables.
  std::string owner() const { return shell(command("owner")).output; }
  bool answers() const { return shell(command("status")).status == 0; }
  pid_t process() const {
    pid_t number = 0;
    std::ifstream(directory_ / "pid") >> number;
    return number;
  }

 private:
  fs::path root_;
  fs::path directory_;
};

bool becomes_silent(const PrivateServer& server) {
  for (int i = 0; i < 100; ++i) {
    if (!server.answers()) return true;
    std::this_thread::sleep_for(100ms);
  }
  return false;
}

}  // namespace

TEST_CASE("the private server starts, survives SIGKILL and stops") {
  const PrivateServer server;
  CHECK_FALSE(server.answers());
  const std::string url = server.start();
  CHECK(server.start() == url);  // a second start finds it
  CHECK(shell(server.command("status")).output == url);
  const auto owner = parse_database_address(server.owner());
  {
    Connection connection(owner);
    connection.run("CREATE TABLE word (id BIGINT PRIMARY KEY)");
    connection.execute("INSERT INTO word (id) VALUES (?)", {1});
    CHECK(connection.query("SELECT @@innodb_flush_log_at_trx_commit, @@skip_networking")[0].text(
              0) == "1");
    CHECK_THROWS_AS(connection.run("CREATE DATABASE other"), Error);
  }
  CHECK((fs::status(server.directory()).permissions() & fs::perms::others_all) == fs::perms::none);

  // Its process number and socket stay behind.
  kill(server.process(), SIGKILL);
  fs::create_directories(server.directory() / "data.new/half-made");
  CHECK(server.start() == url);
  CHECK(Connection(owner).query("SELECT id FROM word").size() == 1);

  // A start while it goes down waits for the end and starts again.
  kill(server.process(), SIGTERM);
  CHECK(server.start() == url);
  CHECK(Connection(owner).query("SELECT id FROM word").size() == 1);

  CHECK(shell(server.command("stop")).status == 0);
  CHECK_FALSE(server.answers());
  CHECK(shell(server.command("stop")).status == 0);
  CHECK_THROWS_AS(Connection{owner}, Unavailable);
}

TEST_CASE("the account that serves has no way into the private server before it is granted one") {
  const PrivateServer server;
  const auto serving = parse_database_address(server.start());
  CHECK_THROWS_WITH_AS(Connection{serving}, doctest::Contains("Access denied"), Error);
  Pool owner(parse_database_address(server.owner()));
  migrate(owner);
  CHECK(grant_serving_rights(owner, serving));
  Pool pool(serving);
  CHECK(is_log_append_only(pool));
}

TEST_CASE("the private server lives below long paths with spaces") {
  const PrivateServer server("a path # with 100% spaces/" + std::string(100, 'x'));
  server.start();
  const auto owner = parse_database_address(server.owner());
  CHECK(Connection(owner).query("SELECT 1").size() == 1);
  const std::string socket = owner.socket;
  CHECK(shell(server.command("stop")).status == 0);
  CHECK_FALSE(fs::exists(fs::path(socket).parent_path()));  // the short directory of the socket
}

TEST_CASE("the private server ends with its last owner") {
  const PrivateServer server;
  const auto owner = [] { return std::stoi(shell("sleep 60 >/dev/null & echo $!").output); };
  const pid_t first = owner();
  const pid_t second = owner();
  server.start(fmt::format("--owner {}", first));
  server.start(fmt::format("--owner {}", second));
  kill(first, SIGKILL);
  std::this_thread::sleep_for(1s);
  CHECK(server.answers());
  kill(second, SIGKILL);
  CHECK(becomes_silent(server));
}

TEST_CASE("two starts at once make one server") {
  const PrivateServer server;
  std::string first;
  std::thread other([&] { first = shell(server.command("start")).output; });
  const std::string second = shell(server.command("start")).output;
  other.join();
  CHECK(first == second);
  CHECK(Connection(parse_database_address(server.owner())).query("SELECT 1").size() == 1);
}

TEST_CASE("the private server's command line is checked") {
  const PrivateServer server;
  for (const char* more : {"--owner", "--owner x", "--nonsense", "one two three"}) {
    CAPTURE(std::string(more));
    CHECK(shell(server.command("start", more)).status != 0);
  }
  CHECK(shell(server.command("erase")).status != 0);
  CHECK_FALSE(fs::exists(server.directory()));
}
