#include "service/identity/one_time_code.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "service/identity/qr_code.h"

using namespace narada;
using namespace narada::identity;

namespace {

const std::string kSecret = "12345678901234567890";  // RFC 6238, appendix B

domain::Instant at(std::int64_t seconds) { return domain::Instant(std::chrono::seconds(seconds)); }

}  // namespace

TEST_CASE("the codes of RFC 6238 are right at their times, by their last six digits") {
  struct Row {
    std::int64_t seconds;
    const char* code;
    std::int64_t step;
  };
  const std::vector<Row> rows = {
      {59, "287082", 0x1},
      {1111111109, "081804", 0x23523EC},
      {1111111111, "050471", 0x23523ED},
      {1234567890, "005924", 0x273EF07},
      {2000000000, "279037", 0x3F940AA},
      {20000000000, "353130", 0x27BC86AA},
  };
  for (const Row& row : rows) {
    CAPTURE(row.seconds);
    CHECK(find_totp_step(kSecret, row.code, at(row.seconds)) == row.step);
  }
}

TEST_CASE("a code is right in its own step and the two beside it, and tells which it is") {
  constexpr std::int64_t kStep = 0x273EF07;
  for (const std::int64_t moved : {-1, 0, 1}) {
    CAPTURE(moved);
    CHECK(find_totp_step(kSecret, "005924", at((kStep + moved) * 30)) == kStep);
    CHECK(find_totp_step(kSecret, "005924", at((kStep + moved) * 30 + 29)) == kStep);
  }
  CHECK_FALSE(find_totp_step(kSecret, "005924", at((kStep - 2) * 30 + 29)));
  CHECK_FALSE(find_totp_step(kSecret, "005924", at((kStep + 2) * 30)));
}

TEST_CASE("what is no code of six digits is wrong") {
  for (const char* code : {"", "00592", "0059240", "00592a", "-05924", "+5924 ", "５９２４００"}) {
    CAPTURE(code);
    CHECK_FALSE(find_totp_step(kSecret, code, at(1234567890)));
  }
  CHECK(find_totp_step(kSecret, " 005 924 ", at(1234567890)) == 0x273EF07);
  CHECK_FALSE(find_totp_step("another secret of 20", "005924", at(1234567890)));
}

TEST_CASE("a secret has 160 bits and travels as base32, alone and in an address") {
  CHECK(make_totp_secret().size() == 20);
  CHECK(make_totp_secret() != make_totp_secret());
  CHECK(totp_secret_text(kSecret) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  CHECK(totp_uri(kSecret, "Narada", "a.nowak+x@urzad.example") ==
        "otpauth://totp/Narada:a.nowak%2Bx%40urzad.example?secret="
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Narada&algorithm=SHA1&digits=6&period=30");
}

TEST_CASE("ten recovery codes of 80 bits can be copied by hand") {
  const auto codes = make_recovery_codes();
  CHECK(codes.size() == 10);
  CHECK(std::set<std::string>(codes.begin(), codes.end()).size() == 10);
  for (const auto& code : codes) {
    CAPTURE(code);
    CHECK(code.size() == 19);
    CHECK(fold_recovery_code(code)->size() == 16);
  }
  CHECK(fold_recovery_code("k7qd-2mxa-9fOo") == std::nullopt);  // 9 is no character of base32
  CHECK(fold_recovery_code(" K7QD 2mxa-b10z-abcd") == "K7QD2MXABIOZABCD");
  CHECK(fold_recovery_code("k7qd-2mxa-bioz-abc") == std::nullopt);
  CHECK(fold_recovery_code("k7qd-2mxa-bioz-abcde") == std::nullopt);
  CHECK(fold_recovery_code("") == std::nullopt);
}

namespace {

// The modules that the path paints, as lines of '#' and ' '.
std::vector<std::string> paint(const QrCode& code) {
  const auto size = static_cast<std::size_t>(code.size);
  std::vector<std::string> lines(size, std::string(size, ' '));
  for (const char* at = code.path.c_str(); *at != '\0';) {
    int column = 0, row = 0, length = 0, back = 0, used = 0;
    REQUIRE(std::sscanf(at, "M%d %dh%dv1h-%dz%n", &column, &row, &length, &back, &used) == 4);
    REQUIRE(length == back);
    for (int step = 0; step < length; ++step)
      lines.at(static_cast<std::size_t>(row)).at(static_cast<std::size_t>(column + step)) = '#';
    at += used;
  }
  return lines;
}

}  // namespace

TEST_CASE("a QR code has its three eyes, its rulers and its quiet zone") {
  const auto code = make_qr_code("narada");
  CHECK(code.size == 21 + 8);
  const auto lines = paint(code);
  const std::vector<std::string> eye = {"#######", "#     #", "# ### #", "# ### #",
                                        "# ### #", "#     #", "#######"};
  for (std::size_t row = 0; row < 7; ++row) {
    CHECK(lines[4 + row].substr(4, 7) == eye[row]);
    CHECK(lines[4 + row].substr(18, 7) == eye[row]);
    CHECK(lines[18 + row].substr(4, 7) == eye[row]);
  }
  CHECK(lines[10].substr(11, 7) == " # # # ");
  for (std::size_t edge = 0; edge < 4; ++edge) {
    CHECK(lines[edge] == std::string(29, ' '));
    CHECK(lines[28 - edge] == std::string(29, ' '));
    for (const auto& line : lines) CHECK((line[edge] == ' ' && line[28 - edge] == ' '));
  }
}

TEST_CASE("what does not fit into a QR code is refused") {
  CHECK_THROWS_AS(make_qr_code(std::string(3000, 'x')), std::invalid_argument);
  CHECK_THROWS_AS(make_qr_code(std::string("a\0b", 3)), std::invalid_argument);
}
