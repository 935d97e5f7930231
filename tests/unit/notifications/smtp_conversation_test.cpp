#include "notifications/smtp_conversation.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace narada::notifications;

namespace {

// "C: " is said by the client, "S: " by the server, "." is the end of the message.
SmtpConversation conversation_of(const std::vector<std::string>& lines) {
  SmtpConversation conversation;
  for (const std::string& line : lines) {
    if (line.starts_with("C: ")) conversation.note_command(line.substr(3) + "\r\n");
    if (line.starts_with("S: ")) conversation.note_reply(line.substr(3) + "\r\n");
    if (line == ".") conversation.note_message_end();
  }
  return conversation;
}

std::vector<std::string> after_recipient(std::initializer_list<std::string> more) {
  std::vector<std::string> lines{"S: 220 x",           "C: EHLO n", "S: 250 x",
                                 "C: MAIL FROM:<a@b>", "S: 250 ok", "C: RCPT TO:<c@d>"};
  lines.insert(lines.end(), more);
  return lines;
}

}  // namespace

TEST_CASE("the last command and its reply decide whose failure it is") {
  using End = DeliveryEnd;
  struct Case {
    std::string name;
    std::vector<std::string> lines;
    bool timed_out;
    DeliveryResult expected;
  };
  const Case cases[] = {
      {"nobody listens", {}, false, {End::transport_down, 0, "words of libcurl"}},
      {"greeting refuses", {"S: 554 no"}, false, {End::transport_down, 554, "554 no"}},
      {"authentication",
       {"S: 220 x", "C: EHLO n", "S: 250 x", "C: AUTH PLAIN", "S: 535 bad"},
       false,
       {End::transport_down, 535, "535 bad"}},
      {"sender refused",
       {"C: MAIL FROM:<a@b>", "S: 550 no such sender"},
       false,
       {End::transport_down, 550, "550 no such sender"}},
      {"sender later",
       {"C: MAIL FROM:<a@b>", "S: 451 later"},
       false,
       {End::transport_down, 451, "451 later"}},
      {"too big",
       {"C: MAIL FROM:<a@b> SIZE=9", "S: 552 too big"},
       false,
       {End::permanent, 552, "552 too big"}},
      {"unknown recipient",
       after_recipient({"S: 550 unknown", "C: QUIT", "S: 221 bye"}),
       false,
       {End::permanent, 550, "550 unknown"}},
      {"grey list",
       after_recipient({"S: 451-4.7.1 first", "S: 451 4.7.1 second"}),
       false,
       {End::temporary, 451, "451-4.7.1 first"}},
      {"sign in first",
       after_recipient({"S: 530 authenticate"}),
       false,
       {End::transport_down, 530, "530 authenticate"}},
      {"no relay",
       after_recipient({"S: 554 5.7.1 <c@d>: Relay access denied"}),
       false,
       {End::transport_down, 554, "554 5.7.1 <c@d>: Relay access denied"}},
      {"no relay, in other words",
       after_recipient({"S: 550 Relaying denied"}),
       false,
       {End::transport_down, 550, "550 Relaying denied"}},
      {"not authorized",
       after_recipient({"S: 550 5.7.1 not for us"}),
       false,
       {End::transport_down, 550, "550 5.7.1 not for us"}},
      {"not authorized, of another code",
       after_recipient({"S: 550 5.7.13 disabled"}),
       false,
       {End::permanent, 550, "550 5.7.13 disabled"}},
      {"unknown recipient at a domain named relay",
       after_recipient({"S: 550 5.1.1 <c@relay.example> unknown"}),
       false,
       {End::permanent, 550, "550 5.1.1 <c@relay.example> unknown"}},
      {"unknown recipient with a talking address",
       after_recipient({"S: 550 5.1.1 <\"relay access denied 5.7.1\"@d> unknown"}),
       false,
       {End::permanent, 550, "550 5.1.1 <\"relay access denied 5.7.1\"@d> unknown"}},
      {"unknown recipient of a relay",
       after_recipient({"S: 550 5.1.1 no such user at relay.example"}),
       false,
       {End::permanent, 550, "550 5.1.1 no such user at relay.example"}},
      {"this message is spam",
       after_recipient({"S: 250 ok", "C: DATA", "S: 354 go", ".", "S: 550 5.7.1 spam"}),
       false,
       {End::permanent, 550, "550 5.7.1 spam"}},
      {"server closes",
       after_recipient({"S: 421 closing"}),
       false,
       {End::transport_down, 421, "421 closing"}},
      {"recipient hangs", after_recipient({}), true, {End::temporary, 0, "words of libcurl"}},
      {"lost at the recipient",
       after_recipient({}),
       false,
       {End::transport_down, 0, "words of libcurl"}},
      {"greeting hangs", {}, true, {End::transport_down, 0, "words of libcurl"}},
      {"data refused",
       after_recipient({"S: 250 ok", "C: DATA", "S: 554 no"}),
       false,
       {End::permanent, 554, "554 no"}},
      {"lost in the message",
       after_recipient({"S: 250 ok", "C: DATA", "S: 354 go"}),
       false,
       {End::transport_down, 0, "words of libcurl"}},
      {"message refused",
       after_recipient({"S: 250 ok", "C: DATA", "S: 354 go", ".", "S: 550 spam"}),
       false,
       {End::permanent, 550, "550 spam"}},
      {"message later",
       after_recipient({"S: 250 ok", "C: DATA", "S: 354 go", ".", "S: 452 full"}),
       false,
       {End::temporary, 452, "452 full"}},
      {"lost after the message",
       after_recipient({"S: 250 ok", "C: DATA", "S: 354 go", "."}),
       false,
       {End::outcome_unknown, 0, "words of libcurl"}},
      {"hangs after the message",
       after_recipient({"S: 250 ok", "C: DATA", "S: 354 go", "."}),
       true,
       {End::outcome_unknown, 0, "words of libcurl"}},
      {"taken, then lost",
       after_recipient({"S: 250 ok", "C: DATA", "S: 354 go", ".", "S: 250 got it"}),
       false,
       {End::delivered, 250, "250 got it"}},
      {"nonsense",
       after_recipient({"S: hello"}),
       false,
       {End::transport_down, 0, "words of libcurl"}},
  };
  for (const Case& given : cases) {
    CAPTURE(given.name);
    const auto result =
        conversation_of(given.lines).result_of_failure(given.timed_out, "words of libcurl");
    CHECK(result.end == given.expected.end);
    CHECK(result.code == given.expected.code);
    CHECK(result.reply == given.expected.reply);
  }
}

TEST_CASE("what a server says is kept as one printable line") {
  CHECK(printable("250 ok\r\n") == "250 ok");
  CHECK(printable("550 \x1b[31m\xc5\xbc\x01") == "550 ?[31m???");
  CHECK(printable(std::string(2000, 'a')).size() == 500);
  CHECK(printable("").empty());
}

TEST_CASE("only two refusals say that nobody has an address") {
  struct Case {
    int code;
    std::string reply;
    bool nobody;
  };
  const std::vector<Case> cases{{550, "550 5.1.1 no such user", true},
                                {550, "550-5.1.1 The email account does not exist.", true},
                                {556, "556 5.1.10 null MX", true},
                                {550, "550 5.1.1", true},
                                {553, "553 5.1.1 unknown", true},
                                {450, "450 5.1.1 perhaps", false},
                                {550, "550 5.1.11 x", false},
                                {550, "550 15.1.1 x", false},
                                {550, "550 5.1.2 no such host", false},
                                {550, "550 5.2.2 mailbox full", false},
                                {550, "550 5.7.1 5.1.1 rejected", false},
                                {550, "550 no such user", false},
                                {550, "550", false},
                                {550, "", false},
                                {0, "no answer", false}};
  for (const auto& [code, reply, nobody] : cases) {
    CAPTURE(reply);
    CHECK(says_nobody_has_address(code, reply) == nobody);
  }
}
