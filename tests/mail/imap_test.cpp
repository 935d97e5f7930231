#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "notifications/imap_mailbox.h"
#include "service/usecases/replies/mailbox_reading.h"
#include "tests/support/child_process.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using notifications::ImapMailbox;

namespace {

namespace fs = std::filesystem;

std::string own_user() {
  if (::geteuid() == 0) return "nobody";
  const char* name = ::getlogin();
  return name ? name : std::to_string(::geteuid());
}

enum class Tls { none, required };

const std::string kKeys = NARADA_SOURCE_DIR "/tests/mail/self_signed";

std::uint16_t free_port_but(std::uint16_t taken) {
  for (;;)
    if (const auto port = free_port(); port != taken) return port;
}

// Dovecot with one mailbox, its directory and process gone with this object.
class ImapServer {
 public:
  explicit ImapServer(Tls tls = Tls::none)
      : tls_(tls), port_(free_port()), tls_port_(free_port_but(port_)) {
    std::string pattern = "/tmp/narada-imap-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    for (const char* part : {"cur", "new", "tmp"})
      fs::create_directories(folder_ / "mail/narada" / part);
    fs::permissions(folder_,
                    fs::perms::owner_all | fs::perms::others_exec | fs::perms::others_read);
    if (::geteuid() == 0)
      (void)!std::system(("chown -R nobody '" + (folder_ / "mail").string() + "'").c_str());
    write_configuration();
    process_ = std::make_unique<ChildProcess>(std::vector<std::string>{
        "/usr/sbin/dovecot", "-F", "-c", (folder_ / "dovecot.conf").string()});
    for (int tries = 0; tries < 100; ++tries) {
      try {
        ready_mailbox().take_unread(0, [](const std::string&) { return false; });
        return;
      } catch (const std::runtime_error&) {
        std::this_thread::sleep_for(50ms);
      }
    }
    throw std::runtime_error("no IMAP server");
  }
  ~ImapServer() {
    process_.reset();
    fs::remove_all(folder_);
  }
  ImapServer(const ImapServer&) = delete;
  ImapServer& operator=(const ImapServer&) = delete;

  ImapMailbox mailbox(const std::string& password = "tajne%40") const {
    return ImapMailbox(fmt::format("imap://narada:{}@127.0.0.1:{}/INBOX", password, port_));
  }
  // "imap" with STARTTLS, "imaps" on a port of its own; `more` as "?ca=FILE".
  ImapMailbox tls_mailbox(const std::string& scheme, const std::string& host,
                          const std::string& more) const {
    return ImapMailbox(fmt::format("{}://narada:tajne%40@{}:{}/INBOX{}", scheme, host,
                                   scheme == "imaps" ? tls_port_ : port_, more));
  }
  void put(const std::string& name, const std::string& message) {
    const auto path = folder_ / "mail/narada/new" / name;
    std::ofstream(path, std::ios::binary) << message;
    fs::permissions(path, fs::perms::all);
  }
  // As a disk that cannot be read any more.
  void make_unreadable(const std::string& name) {
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "mail/narada"))
      if (entry.path().filename().string().starts_with(name))
        fs::permissions(entry.path(), fs::perms::none);
  }
  std::vector<std::string> unread() {
    std::vector<std::string> messages;
    mailbox().take_unread(100, [&](const std::string& message) {
      messages.push_back(message);
      return false;
    });
    return messages;
  }

 private:
  ImapMailbox ready_mailbox() const {
    if (tls_ == Tls::none) return mailbox();
    return tls_mailbox("imaps", "localhost", "?ca=" + kKeys + ".cert");
  }
  void write_configuration() const {
    std::ofstream(folder_ / "dovecot.conf") << fmt::format(
        "base_dir = {0}/base\nstate_dir = {0}/state\nlog_path = {0}/log\nprotocols = imap\n"
        "listen = 127.0.0.1, 127.0.0.2\n{4}disable_plaintext_auth = no\ndefault_internal_user = "
        "{1}\n"
        "default_login_user = {1}\nfirst_valid_uid = 1\nmail_location = maildir:{0}/mail/%u\n"
        "passdb {{\n  driver = static\n  args = password=tajne@\n}}\n"
        "userdb {{\n  driver = static\n  args = uid={1} gid={3} home={0}/mail/%u\n}}\n"
        "service imap-login {{\n  chroot =\n  inet_listener imap {{\n    port = {2}\n  }}\n"
        "  inet_listener imaps {{\n    port = {5}\n    ssl = yes\n  }}\n}}\n"
        "service anvil {{\n  chroot =\n}}\nservice stats {{\n  chroot =\n}}\n",
        folder_.string(), own_user(), port_,
        ::geteuid() == 0 ? "nogroup" : std::to_string(::getegid()),
        tls_ == Tls::none
            ? std::string("ssl = no\n")
            : fmt::format("ssl = required\nssl_cert = <{0}.cert\nssl_key = <{0}.key\n", kKeys),
        tls_ == Tls::none ? 0 : tls_port_);
  }

  Tls tls_;
  std::uint16_t port_;
  std::uint16_t tls_port_;
  fs::path folder_;
  std::unique_ptr<ChildProcess> process_;
};

std::string letter(const std::string& id, const std::string& text) {
  return "From: a@urzad.example\r\nTo: narada@narada.example\r\nMessage-ID: <" + id +
         "@urzad.example>\r\nSubject: " + id + "\r\n\r\n" + text + "\r\n";
}

}  // namespace

TEST_CASE("messages of a mailbox are read once they were taken, and stay unread until then") {
  ImapServer server;
  server.put("1", letter("one", "n2 OK this is no answer\r\n)\r\n* BYE"));
  server.put("2", letter("two", std::string(300'000, 'x')));
  CHECK(server.unread().size() == 2);
  CHECK(server.unread().size() == 2);  // looking at them marks nothing
  std::vector<std::string> taken;
  const auto refuse_second = [&](const std::string& message) {
    taken.push_back(message);
    return taken.size() == 1;
  };
  CHECK(server.mailbox().take_unread(10, refuse_second) == 1);
  CHECK(taken.size() == 2);
  CHECK(server.unread() == std::vector<std::string>{taken[1]});
  CHECK(taken[0] == letter("one", "n2 OK this is no answer\r\n)\r\n* BYE"));
  CHECK(server.mailbox().take_unread(10, [](const std::string&) { return true; }) == 1);
  CHECK(server.unread().empty());
  CHECK_THROWS_AS(server.mailbox("falsch").take_unread(1, [](const std::string&) { return true; }),
                  std::runtime_error);
}

TEST_CASE("a mailbox is read over TLS that can be trusted, or not at all") {
  ImapServer server(Tls::required);
  server.put("1", letter("one", "first"));
  server.put("2", letter("two", "second"));
  const auto take_one = [](const ImapMailbox& mailbox) {
    return mailbox.take_unread(1, [](const std::string&) { return true; });
  };
  // Without the file nobody vouches for the server; imap:// would go in clear to this machine.
  CHECK_THROWS_AS(take_one(server.tls_mailbox("imaps", "localhost", "")), std::runtime_error);
  const std::string trusted = "?ca=" + kKeys + ".cert";
  for (const std::string scheme : {"imaps", "imap"}) {
    CAPTURE(scheme);
    CHECK_THROWS_AS(take_one(server.tls_mailbox(scheme, "localhost", "?ca=/nowhere.pem")),
                    std::runtime_error);
    // Not the name in the certificate.
    CHECK_THROWS_AS(take_one(server.tls_mailbox(scheme, "127.0.0.2", trusted)), std::runtime_error);
    CHECK(take_one(server.tls_mailbox(scheme, "localhost", trusted)) == 1);
  }
}

TEST_CASE("a message that the server cannot hand out does not keep the others back") {
  ImapServer server;
  server.put("1.first", letter("one", "first"));
  server.put("2.second", letter("two", "second"));
  server.put("3.third", letter("three", "third"));
  server.make_unreadable("1.first");
  std::vector<std::string> taken;
  const auto take = [&](const std::string& message) {
    taken.push_back(message);
    return true;
  };
  CHECK_THROWS_AS(server.mailbox().take_unread(2, take), std::runtime_error);
  CHECK(taken == std::vector<std::string>{letter("two", "second"), letter("three", "third")});
  CHECK_THROWS_AS(server.mailbox().take_unread(2, take), std::runtime_error);
  CHECK(taken.size() == 2);
}

TEST_CASE("what came while the database was away is taken when it is back") {
  ImapServer server;
  RegistrationWorld world;
  world.environment().reply_mailbox = "narada@narada.example";
  world.environment().secret_key = std::string(32, 'k');
  server.put("1", letter("one", "Dzień dobry"));
  auto away = world.environment();
  auto address = world.database().address();
  address.socket = "/nowhere";
  storage::PoolOptions options;
  storage::Pool nowhere(address, options);
  away.pool = &nowhere;
  CHECK_THROWS(usecases::read_mailbox(away, server.mailbox()));
  CHECK(server.unread().size() == 1);
  CHECK(usecases::read_mailbox(world.environment(), server.mailbox()) == 1);
  CHECK(world.count("inbound_mail") == 1);
  CHECK(server.unread().empty());
  CHECK(usecases::read_mailbox(world.environment(), server.mailbox()) == 0);
}

TEST_CASE("addresses of mailboxes are checked, and never repeat the password") {
  for (const std::string url :
       {"", "pop3://a:b@host/", "imap://host/INBOX", "imaps://a:b@/x", "imaps://a:tajne@host/a%22b",
        "imaps://a:tajne@host/?x=y", "imaps://a:taj%0Ane@host/"}) {
    CAPTURE(url);
    std::string problem;
    try {
      const ImapMailbox mailbox(url);
    } catch (const std::invalid_argument& error) {
      problem = error.what();
    }
    CHECK(problem.starts_with("IMAP address: "));
    CHECK(problem.find("tajne") == std::string::npos);
  }
  const ImapMailbox mailbox("imaps://narada:tajne@poczta.example:1993/Odpowiedzi?ca=/etc/ca.pem");
  CHECK(mailbox.description() == "imaps://poczta.example:1993/Odpowiedzi");
}
