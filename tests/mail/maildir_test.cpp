#include "notifications/maildir.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/mail/fixture.h"
#include "tests/mail/smtp_server.h"

using namespace narada;
using namespace narada::testing;
using notifications::DeliveryEnd;
using notifications::MaildirTransport;
namespace fs = std::filesystem;

namespace {

constexpr const char* kMessage = "Subject: x\r\n\r\nbody\r\n";

notifications::Envelope envelope(const std::string& message_id, bool attempted_before = false) {
  return {"narada@narada.example", "a@b.example", message_id, attempted_before};
}

std::set<std::string> names_in(const fs::path& directory) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

using Names = std::set<std::string>;

}  // namespace

TEST_CASE("mails in a Maildir are read by Python's mailbox") {
  MailFixture mails;
  const ScratchDirectory scratch;
  MaildirTransport transport(scratch.path() / "mail");
  std::set<std::string> expected;
  for (int number = 0; number < 5; ++number) {
    const auto id = mails.queue("a" + std::to_string(number) + "@b.example");
    expected.insert(mails.mail(id).message_id);
  }
  CHECK(mails.round(transport).sent == 5);
  CHECK(names_in(scratch.path() / "mail" / "tmp").empty());

  const fs::path listing = scratch.path() / "listing.json";
  const std::string command = "/usr/bin/python3 '" + std::string(NARADA_SOURCE_DIR) +
                              "/tests/mail/read_maildir.py' '" +
                              (scratch.path() / "mail").string() + "' > '" + listing.string() + "'";
  REQUIRE(std::system(command.c_str()) == 0);
  std::ifstream file(listing);
  std::set<std::string> found;
  for (const auto& mail : nlohmann::json::parse(file)) {
    found.insert(mail["message_id"].get<std::string>());
    CHECK(mail["subject"] == "Masz miejsce: Warsztat o zieleni (19 stycznia 2027)");
    CHECK(mail["flags"] == "");
  }
  CHECK(found == expected);
}

TEST_CASE("what is delivered twice is there once, also when it was read meanwhile") {
  const ScratchDirectory scratch;
  MaildirTransport transport(scratch.path());
  CHECK(transport.deliver(envelope("1@n.example"), kMessage).end == DeliveryEnd::delivered);
  CHECK(transport.deliver(envelope("1@n.example", true), kMessage).end == DeliveryEnd::delivered);
  CHECK(names_in(scratch.path() / "new") == Names{"1@n.example"});
  fs::rename(scratch.path() / "new" / "1@n.example", scratch.path() / "cur" / "1@n.example:2,S");
  CHECK(transport.deliver(envelope("1@n.example", true), kMessage).end == DeliveryEnd::delivered);
  CHECK(names_in(scratch.path() / "new").empty());
  CHECK(transport.deliver(envelope("2@n.example"), kMessage).end == DeliveryEnd::delivered);
  CHECK(names_in(scratch.path() / "new") == Names{"2@n.example"});
  std::ifstream file(scratch.path() / "new" / "2@n.example", std::ios::binary);
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == kMessage);
}

TEST_CASE("a message id is never a path, a flag or a hidden name") {
  const ScratchDirectory scratch;
  MaildirTransport transport(scratch.path() / "mail");
  for (const std::string id : {"../../x@n", "/etc/x@n", ".hidden@n", "a:2,S@n", "a=2Fb@n", "ż@n"}) {
    CAPTURE(id);
    CHECK(transport.deliver(envelope(id), kMessage).end == DeliveryEnd::delivered);
  }
  CHECK(names_in(scratch.path()) == Names{"mail"});
  CHECK(names_in(scratch.path() / "mail" / "new") == Names{"=2E.=2F..=2Fx@n", "=2Fetc=2Fx@n",
                                                           "=2Ehidden@n", "a=3A2=2CS@n",
                                                           "a=3D2Fb@n", "=C5=BC@n"});
}

TEST_CASE("a directory that cannot be written is a transport that is down") {
  const ScratchDirectory scratch;
  std::ofstream(scratch.path() / "file") << "x";
  MaildirTransport transport(scratch.path() / "file" / "mail");
  const auto result = transport.deliver(envelope("1@n.example"), kMessage);
  CHECK(result.end == DeliveryEnd::transport_down);
  CHECK(!result.reply.empty());
  MaildirTransport usable(scratch.path() / "mail");
  CHECK(usable.deliver({"n@n.example", "a@b\r\nx", "1@n", false}, kMessage).end ==
        DeliveryEnd::permanent);
}
