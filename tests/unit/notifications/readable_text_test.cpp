#include "notifications/readable_text.h"

#include <doctest/doctest.h>

#include "notifications/mime.h"

using namespace narada;

TEST_CASE("the text of a message is read as it was written") {
  notifications::MimeMessage message;
  message.from = {"Narada", "narada@narada.example"};
  message.to = {"Łucja", "lucja@urzad.example"};
  message.subject = "Zażółć";
  message.message_id = "1@narada.example";
  message.language = "pl";
  message.text = "Zażółć gęślą jaźń.\n\nDo zobaczenia: https://narada.example/x\n" +
                 std::string(120, 'a') + "\n";
  message.html = "<p>Zażółć</p>";
  message.calendar = notifications::CalendarPart{"REQUEST", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"};
  CHECK(notifications::readable_text(notifications::write_message(message)) == message.text);
}

TEST_CASE("what is no message has no text") {
  CHECK(notifications::readable_text("").empty());
  CHECK(notifications::readable_text("Content-Type: text/html\r\n\r\n<p>x</p>").empty());
}
