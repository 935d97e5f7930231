#include "notifications/mime.h"

#include <doctest/doctest.h>

#include "notifications/mime_handle.h"
#include "tests/unit/notifications/samples.h"

using namespace narada;
using namespace narada::notifications;

namespace {

const std::string kToken = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA";

// All parts of a message, decoded and joined, with calendar folds undone.
std::string decoded(const std::string& raw) {
  const GObjectHandle<GMimeStream> stream(
      g_mime_stream_mem_new_with_buffer(raw.data(), raw.size()));
  const GObjectHandle<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  const GObjectHandle<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
  REQUIRE(message);
  std::string text;
  g_mime_message_foreach(
      message.get(),
      [](GMimeObject*, GMimeObject* part, gpointer context) {
        if (!GMIME_IS_TEXT_PART(part)) return;
        char* content = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
        static_cast<std::string*>(context)->append(content).append("\n");
        g_free(content);
      },
      &text);
  std::string result;
  for (std::size_t index = 0; index < text.size(); ++index) {
    if (text.compare(index, 3, "\r\n ") == 0) {
      index += 2;
    } else if (text.compare(index, 2, "\n ") == 0) {
      index += 1;
    } else {
      result += text[index];
    }
  }
  return result;
}

MimeMessage message_with(const std::string& text) {
  MimeMessage message;
  message.from = {"Narada", "narada@narada.example"};
  message.to = {"Anna", "anna@b.pl"};
  message.subject = "x";
  message.message_id = "1@narada.example";
  message.text = text;
  message.html = "<p>" + text + "</p>";
  message.calendar = CalendarPart{"REQUEST", "BEGIN:VCALENDAR\r\nX:" + text + "\r\nEND:VCALENDAR"};
  return message;
}

}  // namespace

TEST_CASE("no token of a link is left in a masked message") {
  for (const auto& sample : mail_samples()) {
    if (!has_key(sample.facts.kind)) continue;
    CAPTURE(sample.name);
    const bool of_account = sample.facts.account.has_value();
    const std::string page = of_account                                     ? "/wejscie/***"
                             : sample.facts.kind == MailKind::consent_asked ? "/zgoda/***"
                             : sample.facts.kind == MailKind::meeting_invitation
                                 ? "?zaproszenie=***"
                                 : "/z/***";
    const std::string raw =
        sample_composer().compose(sample.facts, sample.message_id, kSampleCreation).message;
    REQUIRE(decoded(raw).find(kToken) != std::string::npos);
    const std::string masked = mask_manage_tokens(raw);
    const std::string readable = decoded(masked);
    CHECK(readable.find(kToken.substr(0, 6)) == std::string::npos);
    CHECK(readable.find(kToken.substr(20)) == std::string::npos);
    CHECK(masked.find(kToken.substr(0, 6)) == std::string::npos);
    CHECK(readable.find(page) != std::string::npos);
    CHECK(readable.find(of_account ? "narada.example" : "przydziału lokali") != std::string::npos);
  }
}

TEST_CASE("a token is found however the address around it is written") {
  struct Case {
    std::string name;
    std::string text, expected;
  };
  const Case cases[] = {
      {"plain", "https://n.pl/z/" + kToken, "https://n.pl/z/***"},
      {"with an end", "https://n.pl/en/z/" + kToken + "?x=1", "https://n.pl/en/z/***?x=1"},
      {"percent-encoded", "https%3A%2F%2Fn.pl%2Fz%2F" + kToken + "&y",
       "https%3A%2F%2Fn.pl%2Fz%2F***&y"},
      {"two", "/z/" + kToken + " /z/" + kToken, "/z/*** /z/***"},
      {"folded", "/z/" + kToken.substr(0, 10) + "\r\n " + kToken.substr(10), "/z/***"},
      {"of a sign-in", "https://n.pl/en/wejscie/" + kToken, "https://n.pl/en/wejscie/***"},
      {"after a sign-in", "/wejscie?dalej=%2Fz%2F" + kToken, "/wejscie?dalej=%2Fz%2F***"},
      {"of a superior", "https://n.pl/zgoda/" + kToken, "https://n.pl/zgoda/***"},
      {"of an invitee", "/zapisy?zaproszenie=" + kToken + "&x", "/zapisy?zaproszenie=***&x"},
      {"of an invitee, encoded", "%2Fzapisy%3Fzaproszenie%3D" + kToken,
       "%2Fzapisy%3Fzaproszenie%3D***"},
      {"no token", "a/z/ and /zebra/ stay", "a/z/ and /zebra/ stay"},
  };
  for (const Case& given : cases) {
    CAPTURE(given.name);
    const std::string masked = mask_manage_tokens(write_message(message_with(given.text)));
    const std::string readable = decoded(masked);
    const auto calendar = readable.find("X:");
    REQUIRE(calendar != std::string::npos);
    CHECK(readable.substr(calendar + 2, readable.find('\r', calendar) - calendar - 2) ==
          given.expected);
  }
}

TEST_CASE("masking takes octets that are no message without harm") {
  for (const std::string text :
       {"", "\r\n", "x", "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a",
        "Content-Type: message/rfc822\r\n\r\nSubject: /z/abcdef\r\n\r\n"}) {
    CAPTURE(text);
    CHECK(mask_manage_tokens(text).find("abcdef") == std::string::npos);
  }
}

TEST_CASE("the same content makes the same bytes, another id another boundary") {
  const MimeMessage message = message_with("x");
  MimeMessage other = message;
  other.message_id = "2@narada.example";
  CHECK(write_message(message) == write_message(message));
  CHECK(write_message(other).find("=_mixed_2naradaexample") != std::string::npos);
}
