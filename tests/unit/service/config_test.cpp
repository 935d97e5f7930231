#include "service/config.h"

#include <doctest/doctest.h>

#include <string>

using narada::Config;
using narada::ConfigError;
using narada::make_config;

TEST_CASE("the environment wins over the file and defaults fill the rest") {
  const auto config =
      make_config({{"NARADA_THREADS", "4"}, {"NARADA_LOG", "json"}}, {{"NARADA_THREADS", "9"}});
  CHECK(config.threads == 9);
  CHECK(config.log == narada::LogFormat::json);
  CHECK(config.listen_host == "127.0.0.1");
  CHECK(config.listen_port == 8080);
}

TEST_CASE("addresses, lists and addresses with slashes are taken apart") {
  const auto config = make_config({}, {{"NARADA_LISTEN", "0.0.0.0:9000"},
                                       {"NARADA_BASE_URL", "https://narada.example//"},
                                       {"NARADA_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8"}});
  CHECK(config.listen_host == "0.0.0.0");
  CHECK(config.listen_port == 9000);
  CHECK(config.base_url == "https://narada.example");
  CHECK(config.trusted_proxies == std::vector<std::string>{"127.0.0.1", "10.0.0.0/8"});
}

TEST_CASE("a wrong value stops the start with one line that names the key and the rule") {
  struct Row {
    const char* name;
    const char* key;
    const char* value;
    const char* message;
  };
  const Row rows[] = {
      {"unknown key", "NARADA_THREAD", "4",
       "NARADA_THREAD: no such setting (narada serve --help lists them)"},
      {"no number", "NARADA_THREADS", "many",
       "NARADA_THREADS: must be a whole number from 1 to 255"},
      {"trailing text", "NARADA_THREADS", "4x",
       "NARADA_THREADS: must be a whole number from 1 to 255"},
      {"out of range", "NARADA_THREADS", "0",
       "NARADA_THREADS: must be a whole number from 1 to 255"},
      {"port too high", "NARADA_LISTEN", "127.0.0.1:70000",
       "NARADA_LISTEN: must be a whole number from 0 to 65535"},
      {"no port", "NARADA_LISTEN", "127.0.0.1", "NARADA_LISTEN: must be ADDRESS:PORT"},
      {"other scheme", "NARADA_BASE_URL", "ftp://x",
       "NARADA_BASE_URL: must start with http:// or https://"},
      {"other database", "NARADA_DATABASE", "postgres://x",
       "NARADA_DATABASE: must start with mysql://"},
      {"no address", "NARADA_MAIL_FROM", "narada",
       "NARADA_MAIL_FROM: must be one e-mail address, name@domain"},
      {"header injection", "NARADA_MAIL_FROM_NAME", "a\r\nBcc: x",
       "NARADA_MAIL_FROM_NAME: must be one line"},
      {"log", "NARADA_LOG", "xml", "NARADA_LOG: must be text or json"},
      {"store", "NARADA_MATERIAL_STORE", "s3:/bucket",
       "NARADA_MATERIAL_STORE: must be s3://bucket or s3://bucket/prefix, or empty"},
      {"store without a bucket", "NARADA_MATERIAL_STORE", "s3://",
       "NARADA_MATERIAL_STORE: must be s3://bucket or s3://bucket/prefix, or empty"},
      {"endpoint", "NARADA_S3_ENDPOINT", "s3.example",
       "NARADA_S3_ENDPOINT: must start with https:// or http://"},
      {"downloads", "NARADA_S3_DOWNLOADS", "on", "NARADA_S3_DOWNLOADS: must be redirect or proxy"},
      {"no size", "NARADA_MATERIAL_LIMIT", "G",
       "NARADA_MATERIAL_LIMIT: must be a size such as 50M, 2G or 1T, at most 1024T"},
      {"size of nothing", "NARADA_MATERIAL_LIMIT", "-1G",
       "NARADA_MATERIAL_LIMIT: must be a size such as 50M, 2G or 1T, at most 1024T"},
      {"size beyond measure", "NARADA_MATERIAL_LIMIT", "16777216T",
       "NARADA_MATERIAL_LIMIT: must be a size such as 50M, 2G or 1T, at most 1024T"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    std::string message;
    try {
      make_config({}, {{row.key, row.value}});
    } catch (const ConfigError& error) {
      message = error.what();
    }
    CHECK(message == row.message);
  }
}

TEST_CASE("sizes are given with their unit") {
  const auto config = make_config({}, {{"NARADA_MATERIAL_FILE_LIMIT", "1500"},
                                       {"NARADA_MATERIAL_FORM_LIMIT", "3K"},
                                       {"NARADA_MATERIAL_EXPERT_LIMIT", "5M"},
                                       {"NARADA_MATERIAL_MEETING_LIMIT", "7G"},
                                       {"NARADA_MATERIAL_LIMIT", "1024T"},
                                       {"NARADA_MATERIAL_SPARE", "0"}});
  CHECK(config.materials.file == 1500);
  CHECK(config.materials.form == 3072);
  CHECK(config.materials.expert == 5'242'880);
  CHECK(config.materials.meeting == 7'516'192'768);
  CHECK(config.materials.installation == 1'125'899'906'842'624);
  CHECK(config.materials.spare == 0);
}
