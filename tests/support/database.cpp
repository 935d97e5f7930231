#include "tests/support/database.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <future>
#include <random>
#include <sstream>
#include <stdexcept>

#include "sql/error.h"
#include "sql/migrations.h"
#include "sql/serving_account.h"

namespace narada::testing {

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kPrefix = "narada-test-";
constexpr std::uintmax_t kRoomNeeded = 1024UL * 1024 * 1024;
constexpr const char* kServerProgram = "/usr/sbin/mariadbd";  // not on everybody's PATH
constexpr seconds kStartPatience{60};
constexpr const char* kServingUser = "serving";

class FileLock {
 public:
  explicit FileLock(const fs::path& path)
      : descriptor_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0 || flock(descriptor_, LOCK_EX) != 0) {
      throw std::runtime_error("cannot lock " + path.string());
    }
  }
  ~FileLock() { close(descriptor_); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int descriptor_;
};

std::string file_text(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// mariadbd runs as root only when told so by name.
std::string user_argument() { return geteuid() == 0 ? "--user=root" : ""; }

// The data directory that every server starts from; beside the test binary, made by the first
// process that needs it.
fs::path golden_data() {
  const fs::path folder = fs::read_symlink("/proc/self/exe").parent_path() / "golden-database";
  fs::create_directories(folder);
  const FileLock lock(folder / "lock");
  fs::path data = folder / "data";
  if (fs::exists(data)) return data;
  const fs::path unfinished = folder / "data.new";
  fs::remove_all(unfinished);
  const std::string command = fmt::format(
      "cd '{}' && mariadb-install-db --no-defaults --datadir=./data.new {}"
      " --auth-root-authentication-method=normal --skip-test-db --innodb-log-file-size=16M"
      " >install.log 2>&1",
      folder.string(), user_argument());
  if (std::system(command.c_str()) != 0) {
    throw std::runtime_error("mariadb-install-db failed: " + file_text(folder / "install.log"));
  }
  fs::rename(unfinished, data);
  return data;
}

fs::path base_directory() {
  fs::path memory = "/dev/shm";
  struct statvfs room {};
  if (statvfs(memory.c_str(), &room) == 0 && room.f_bavail * room.f_frsize > kRoomNeeded &&
      access(memory.c_str(), W_OK) == 0) {
    return memory;
  }
  return fs::temp_directory_path();
}

// What test processes left behind that were killed.
void remove_leftovers(const fs::path& base) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(base, ignored)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with(kPrefix)) continue;
    pid_t owner = 0;
    std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), owner);
    if (owner > 0 && kill(owner, 0) != 0 && errno == ESRCH) fs::remove_all(entry.path(), ignored);
  }
}

fs::path new_directory() {
  const fs::path base = base_directory();
  remove_leftovers(base);
  static std::atomic<int> count = 0;
  fs::path directory = base / fmt::format("{}{}-{}", kPrefix, getpid(), count++);
  fs::remove_all(directory);
  fs::create_directory(directory);
  fs::permissions(directory, fs::perms::owner_all);
  fs::copy(golden_data(), directory / "data", fs::copy_options::recursive);
  return directory;
}

// In the child of a fork: only what may be called there.
[[noreturn]] void become_server(const std::vector<char*>& arguments, const char* log,
                                pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  const int output = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (output >= 0) {
    dup2(output, 1);
    dup2(output, 2);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

}  // namespace

std::uint16_t free_port() {
  static std::mt19937 random(std::random_device{}());
  std::uniform_int_distribution<int> ports(20000, 32000);
  for (int attempt = 0; attempt < 1000; ++attempt) {
    const auto port = static_cast<std::uint16_t>(ports(random));
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(port);
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool free = bind(probe, reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0;
    close(probe);
    if (free) return port;
  }
  throw std::runtime_error("no free port");
}

DatabaseServer::DatabaseServer(std::vector<std::string> arguments, std::uint16_t port)
    : directory_(new_directory()),
      socket_(directory_ / "socket"),
      arguments_(std::move(arguments)),
      port_(port) {
  start();
}

DatabaseServer::~DatabaseServer() {
  kill_hard();
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

std::vector<std::string> DatabaseServer::command() const {
  const std::string directory = directory_.string();
  std::vector<std::string> words = {fs::exists(kServerProgram) ? kServerProgram : "mariadbd",
                                    "--no-defaults",
                                    "--datadir=" + directory + "/data",
                                    "--socket=" + socket_,
                                    "--pid-file=" + directory + "/pid",
                                    "--tmpdir=" + directory,
                                    "--skip-name-resolve",
                                    "--character-set-server=utf8mb4",
                                    "--innodb-buffer-pool-size=64M",
                                    "--innodb-log-file-size=16M",
                                    "--innodb-flush-log-at-trx-commit=1",
                                    "--debug-no-sync",
                                    "--max-connections=300",
                                    "--max-allowed-packet=64M",
                                    "--performance-schema=OFF",
                                    "--key-buffer-size=1M",
                                    "--aria-pagecache-buffer-size=8M"};
  if (geteuid() == 0) words.push_back(user_argument());
  if (port_ == 0) {
    words.emplace_back("--skip-networking");
  } else {
    words.push_back(fmt::format("--port={}", port_));
    words.emplace_back("--bind-address=127.0.0.1");
  }
  words.insert(words.end(), arguments_.begin(), arguments_.end());
  return words;
}

void DatabaseServer::start() {
  launch();
  try {
    await_answer();
  } catch (...) {
    kill_hard();
    fs::remove_all(directory_);
    throw;
  }
}

void DatabaseServer::launch() {
  std::promise<pid_t> started;
  auto process = started.get_future();
  keeper_ = std::thread([words = command(), log = (directory_ / "log").string(),
                         started = std::move(started)]() mutable {
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child == 0) become_server(pointers, log.c_str(), parent);
    started.set_value(child);
    waitpid(child, nullptr, 0);
  });
  process_ = process.get();
}

void DatabaseServer::await_answer() const {
  const auto deadline = std::chrono::steady_clock::now() + kStartPatience;
  while (true) {
    try {
      const storage::Connection connection(address());
      return;
    } catch (const storage::Error& error) {
      if (kill(process_, 0) != 0 || std::chrono::steady_clock::now() > deadline) {
        throw std::runtime_error(fmt::format("the test database did not start: {}\n{}",
                                             error.what(), file_text(directory_ / "log")));
      }
    }
    std::this_thread::sleep_for(milliseconds(10));
  }
}

void DatabaseServer::kill_hard() {
  if (process_ == 0) return;
  kill(process_, SIGKILL);
  keeper_.join();
  process_ = 0;
}

void DatabaseServer::kill_and_restart() {
  kill_hard();
  start();
}

storage::DatabaseAddress DatabaseServer::address(const std::string& schema) const {
  storage::DatabaseAddress address;
  address.hosts = {{"localhost", 3306}};
  address.socket = socket_;
  address.user = "root";
  address.schema = schema;
  return address;
}

std::string DatabaseServer::create_schema() {
  const std::lock_guard lock(mutex_);
  std::string schema = fmt::format("test_{}", ++schemas_);
  storage::Connection(address()).run("CREATE DATABASE " + schema +
                                     " CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci");
  return schema;
}

DatabaseServer& TestDatabase::server() {
  static DatabaseServer server;
  return server;
}

TestDatabase::TestDatabase(std::string schema, storage::PoolOptions options)
    : schema_(std::move(schema)),
      administrator_(std::make_unique<storage::Connection>(server().address())),
      pool_(std::make_unique<storage::Pool>(server().address(schema_), options)) {}

TestDatabase TestDatabase::empty(storage::PoolOptions options) {
  return TestDatabase(server().create_schema(), options);
}

TestDatabase TestDatabase::fresh(storage::PoolOptions options) {
  TestDatabase database = empty(options);
  storage::migrate(database.pool());
  return database;
}

TestDatabase::~TestDatabase() {
  if (!administrator_) return;  // moved away
  pool_.reset();
  try {
    administrator_->run("DROP DATABASE " + schema_);
  } catch (const storage::Error&) {
    // The test has killed the server, which takes the schema along.
  }
}

storage::DatabaseAddress TestDatabase::address() const { return server().address(schema_); }

storage::DatabaseAddress TestDatabase::serving_address() {
  administrator_->run(fmt::format("CREATE USER IF NOT EXISTS {}@localhost", kServingUser));
  storage::DatabaseAddress serving = address();
  serving.user = kServingUser;
  storage::grant_serving_rights(*pool_, serving);
  return serving;
}

std::string TestDatabase::url() const {
  return fmt::format("mysql://root@localhost/{}?socket={}", schema_, server().socket());
}

std::string TestDatabase::serving_url() {
  return fmt::format("mysql://{}@localhost/{}?socket={}", serving_address().user, schema_,
                     server().socket());
}

int TestDatabase::kill_connections() {
  const auto sessions = administrator_->query(
      "SELECT id FROM information_schema.processlist WHERE db = ?", {schema_});
  int killed = 0;
  for (const auto row : sessions) {
    try {
      administrator_->run(fmt::format("KILL {}", row.integer(0)));
      ++killed;
    } catch (const storage::Error&) {
      // It has ended by itself meanwhile (1094).
    }
  }
  return killed;
}

}  // namespace narada::testing
