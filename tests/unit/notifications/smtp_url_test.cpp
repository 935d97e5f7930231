#include <doctest/doctest.h>

#include <stdexcept>

#include "notifications/smtp.h"

using namespace narada::notifications;

TEST_CASE("an SMTP address names security, server and credentials") {
  struct Case {
    std::string url;
    SmtpSecurity security;
    const char* host;
    int port;
    const char* user;
    const char* password;
  };
  for (const Case& given : {
           Case{"smtp://mail.example", SmtpSecurity::none, "mail.example", 25, "", ""},
           Case{"smtp://mail.example:2525/", SmtpSecurity::none, "mail.example", 2525, "", ""},
           Case{"smtp+starttls://mail.example", SmtpSecurity::starttls, "mail.example", 587, "",
                ""},
           Case{"smtps://u:p@mail.example", SmtpSecurity::tls, "mail.example", 465, "u", "p"},
           Case{"smtps://a%40b.pl:p%3a%2F%25@[::1]:1465", SmtpSecurity::tls, "[::1]", 1465,
                "a@b.pl", "p:/%"},
           Case{"smtps://u:a:b@c@h", SmtpSecurity::tls, "h", 465, "u", "a:b@c"},
           Case{"smtp://u:p@127.0.0.1:25", SmtpSecurity::none, "127.0.0.1", 25, "u", "p"},
       }) {
    CAPTURE(given.url);
    const SmtpOptions options = parse_smtp_url(given.url);
    CHECK(options.security == given.security);
    CHECK(options.host == given.host);
    CHECK(options.port == given.port);
    CHECK(options.user == given.user);
    CHECK(options.password == given.password);
  }
  const SmtpOptions options = parse_smtp_url("smtps://h?ca=/a%20b.pem&timeout=5");
  CHECK(options.ca_file == "/a b.pem");
  CHECK(options.total_timeout == std::chrono::seconds(5));
  CHECK(options.connect_timeout == std::chrono::seconds(5));
}

TEST_CASE("a wrong SMTP address is refused without repeating its password") {
  for (const std::string url : {"",
                                "mail.example",
                                "http://h",
                                "smtp:/h",
                                "smtp://",
                                "smtps://:25",
                                "smtps://h:0",
                                "smtps://h:65536",
                                "smtps://h:25x",
                                "smtps://h:-1",
                                "smtps://h h",
                                "smtps://h\r\n",
                                "smtps://secret%0d%0a:p@h",
                                "smtps://u:secret%zz@h",
                                "smtps://u:secret%4@h",
                                "smtps://:secret@h",
                                "smtps://@h",
                                "smtps://h?x=1",
                                "smtps://h?timeout=0",
                                "smtps://h?timeout=1e3",
                                "smtps://h?timeout=100000",
                                "smtp://u:secret@mail.example",
                                "smtps://u:secret@h/path"}) {
    CAPTURE(url);
    std::string message;
    try {
      parse_smtp_url(url);
    } catch (const std::invalid_argument& error) {
      message = error.what();
    }
    CHECK(message.starts_with("SMTP address: "));
    CHECK(message.find("secret") == std::string::npos);
    CHECK(message.find('\n') == std::string::npos);
  }
}
