#include "notifications/received_parts.h"

#include <algorithm>
#include <array>

#include "service/domain/text_within.h"

namespace narada::notifications {
namespace {

constexpr std::size_t kMostReports = 50;
constexpr std::size_t kLongestDiagnostic = 500;  // octets

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string taken(char* text) {
  std::string result = text ? text : "";
  g_free(text);
  return result;
}

std::string converted(const std::string& bytes, const char* charset) {
  gsize written = 0;
  char* text = g_convert_with_fallback(bytes.data(), static_cast<gssize>(bytes.size()), "UTF-8",
                                       charset, "?", nullptr, &written, nullptr);
  if (!text) return {};
  std::string result(text, written);
  g_free(text);
  return result;
}

std::string valid(std::string_view text) {
  return taken(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t start = 0; start <= text.size();) {
    const auto end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

std::string trimmed(const std::string& text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == std::string::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") + 1 - from);
}

// "Final-Recipient: rfc822; a@b" as name and value, with lines that go on joined.
std::vector<std::pair<std::string, std::string>> fields_of(const std::vector<std::string>& lines) {
  std::vector<std::pair<std::string, std::string>> fields;
  for (const auto& line : lines) {
    if (!fields.empty() && (line.starts_with(' ') || line.starts_with('\t'))) {
      fields.back().second += " " + trimmed(line);
      continue;
    }
    const auto colon = line.find(':');
    if (colon != std::string::npos)
      fields.emplace_back(lower(trimmed(line.substr(0, colon))), trimmed(line.substr(colon + 1)));
  }
  return fields;
}

// Of "rfc822; <a@b>".
std::string recipient_of(const std::string& value) {
  const auto semicolon = value.find(';');
  auto text = semicolon == std::string::npos ? value : value.substr(semicolon + 1);
  const auto found = parse_mailboxes(trimmed(text), 1);
  return found.empty() ? std::string() : found.front().second;
}

// "5.1.1" where it stands as a word; empty: nowhere.
std::string enhanced_code(const std::string& text) {
  for (std::size_t at = 0; at + 4 < text.size(); ++at) {
    const bool begins = text[at] == '2' || text[at] == '4' || text[at] == '5';
    if (!begins || text[at + 1] != '.' ||
        (at > 0 && (is_digit(text[at - 1]) || text[at - 1] == '.')))
      continue;
    std::size_t end = at + 1;
    int groups = 0;
    while (end < text.size() && text[end] == '.' && groups < 2) {
      std::size_t digits = 0;
      while (digits < 4 && end + 1 + digits < text.size() && is_digit(text[end + 1 + digits]))
        ++digits;
      if (digits == 0 || digits > 3) break;
      end += 1 + digits;
      ++groups;
    }
    const bool ends = end == text.size() ||
                      (!is_digit(text[end]) &&
                       !(text[end] == '.' && end + 1 < text.size() && is_digit(text[end + 1])));
    if (groups == 2 && ends) return text.substr(at, end - at);
  }
  return {};
}

// " 550 " as a word.
char basic_code(const std::string& text) {
  for (std::size_t at = 0; at + 3 <= text.size(); ++at) {
    if ((text[at] != '4' && text[at] != '5') || !is_digit(text[at + 1]) || !is_digit(text[at + 2]))
      continue;
    const bool begins = at == 0 || text[at - 1] == ' ' || text[at - 1] == '\n' ||
                        text[at - 1] == ':' || text[at - 1] == '#';
    const bool ends = at + 3 == text.size() || text[at + 3] == ' ' || text[at + 3] == '-';
    if (begins && ends && text[at + 1] <= '5') return text[at];
  }
  return 0;
}

// "<jan@urzad.example>:" at the beginning of a line, as qmail and Exim write.
std::string named_recipient(const std::string& text) {
  for (const auto& line : lines_of(text)) {
    const auto end = line.find(">:");
    const auto start = line.find('<');
    if (start == std::string::npos || end == std::string::npos || end < start || start > 2)
      continue;
    const auto found = parse_mailboxes(line.substr(start, end + 1 - start), 1);
    if (!found.empty()) return found.front().second;
  }
  return {};
}

bool speaks_of_failure(const std::string& subject) {
  const auto text = lower(subject);
  constexpr std::array<std::string_view, 12> kWords{"undelivered",
                                                    "undeliverable",
                                                    "delivery status notification",
                                                    "failure notice",
                                                    "delivery failure",
                                                    "delivery failed",
                                                    "returned mail",
                                                    "mail delivery failed",
                                                    "delivery has failed",
                                                    "niedor\xC4\x99"
                                                    "czon",
                                                    "nie mo\xC5\xBCna dor\xC4\x99"
                                                    "czy\xC4\x87",
                                                    "nie dostarczono"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

bool is_quoted(const std::string& line) { return line.starts_with('>'); }

// What programs write above the mail that they quote.
bool begins_quotation(const std::vector<std::string>& lines, std::size_t index) {
  const auto line = trimmed(lines[index]);
  for (const std::string_view start :
       {"-----Original Message", "-----Wiadomo\xC5\x9B\xC4\x87 oryginalna", "---- Original",
        "-------- Original Message", "-------- Wiadomo\xC5\x9B\xC4\x87 oryginalna",
        "________________________________"})
    if (line.starts_with(start)) return true;
  const auto next = [&](std::size_t ahead) {
    return index + ahead < lines.size() ? trimmed(lines[index + ahead]) : std::string();
  };
  const bool is_outlook = (line.starts_with("From: ") &&
                           (next(1).starts_with("Sent: ") || next(1).starts_with("Date: "))) ||
                          (line.starts_with("Od: ") && (next(1).starts_with("Wys\xC5\x82"
                                                                            "ano: ") ||
                                                        next(1).starts_with("Data: ")));
  if (is_outlook) return true;
  const bool attributes = line.ends_with("wrote:") || line.ends_with("pisze:") ||
                          line.ends_with("napisa\xC5\x82(a):") ||
                          line.ends_with("napisa\xC5\x82:") ||
                          line.ends_with(
                              "napisa\xC5\x82"
                              "a:");
  if (!attributes) return false;
  for (std::size_t ahead = 1; ahead <= 3; ++ahead)
    if (is_quoted(next(ahead))) return true;
  return false;
}

}  // namespace

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

std::string clean_line(std::string_view text) {
  std::string result = valid(text);
  std::replace_if(
      result.begin(), result.end(), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; }, ' ');
  return trimmed(result);
}

std::string clean_text(std::string text) {
  std::erase_if(text,
                [](char c) { return (c >= 0 && c < 0x20 && c != '\n' && c != '\t') || c == 0x7F; });
  std::string result = valid(text);
  const auto from = result.find_first_not_of("\n \t");
  if (from == std::string::npos) return {};
  return result.substr(from, result.find_last_not_of("\n \t") + 1 - from);
}

std::string text_of_part(GMimePart* part) {
  GMimeDataWrapper* content = g_mime_part_get_content(part);
  if (content == nullptr) return {};
  const GObjectHandle<GMimeStream> stream(g_mime_stream_mem_new());
  g_mime_data_wrapper_write_to_stream(content, stream.get());
  const GByteArray* octets = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
  const std::string bytes(reinterpret_cast<const char*>(octets->data), octets->len);
  const char* charset = g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset");
  std::string text;
  if (charset && g_ascii_strcasecmp(charset, "utf-8") != 0 &&
      g_ascii_strcasecmp(charset, "us-ascii") != 0)
    text = converted(bytes, g_mime_charset_iconv_name(charset));
  if (text.empty() && !g_utf8_validate(bytes.data(), static_cast<gssize>(bytes.size()), nullptr))
    text = converted(bytes, "windows-1250");
  if (text.empty()) text = bytes;
  std::erase(text, '\0');
  return valid(text);
}

std::vector<NamedAddress> mailboxes_of(InternetAddressList* list, std::size_t most) {
  std::vector<NamedAddress> found;
  const int count = list ? internet_address_list_length(list) : 0;
  for (int index = 0; index < count && found.size() < most; ++index) {
    InternetAddress* one = internet_address_list_get_address(list, index);
    if (!INTERNET_ADDRESS_IS_MAILBOX(one)) continue;
    const char* name = internet_address_get_name(one);
    const char* address = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one));
    constexpr std::size_t kLongestAddress = 254;
    auto spec = lower(clean_line(address ? address : ""));
    if (spec.find('@') == std::string::npos || spec.size() > kLongestAddress) continue;
    found.emplace_back(clean_line(name ? name : ""), std::move(spec));
  }
  return found;
}

std::vector<NamedAddress> parse_mailboxes(const std::string& field, std::size_t most) {
  const GObjectHandle<InternetAddressList> list(
      internet_address_list_parse(nullptr, domain::text_within(field, 16 * 1024).c_str()));
  if (!list) return {};
  return mailboxes_of(list.get(), most);
}

std::string without_quotation(const std::string& text) {
  const auto lines = lines_of(text);
  std::string kept;
  for (std::size_t index = 0; index < lines.size(); ++index) {
    if (begins_quotation(lines, index)) break;
    if (is_quoted(lines[index])) continue;
    kept += lines[index] + "\n";
  }
  return clean_text(std::move(kept));
}

std::vector<DeliveryReport> parse_delivery_status(const std::string& text) {
  std::vector<DeliveryReport> reports;
  std::vector<std::string> group;
  auto lines = lines_of(clean_text(text));
  lines.emplace_back();
  for (const auto& line : lines) {
    if (!trimmed(line).empty()) {
      group.push_back(line);
      continue;
    }
    DeliveryReport report;
    for (const auto& [name, value] : fields_of(group)) {
      if (name == "action") report.action = lower(value);
      if (name == "status") report.status = enhanced_code(value);
      if (name == "final-recipient") report.final_recipient = recipient_of(value);
      if (name == "original-recipient") report.original_recipient = recipient_of(value);
      if (name == "diagnostic-code")
        report.diagnostic = domain::text_within(
            clean_line(value.substr(std::min(value.find(';') + 1, value.size()))),
            kLongestDiagnostic);
    }
    const auto space = report.action.find_first_of(" ;(");
    if (space != std::string::npos) report.action.resize(space);
    if (!report.action.empty() && reports.size() < kMostReports)
      reports.push_back(std::move(report));
    group.clear();
  }
  return reports;
}

std::vector<std::string> parse_feedback_report(const std::string& text) {
  std::vector<std::string> addresses;
  for (const auto& [name, value] : fields_of(lines_of(clean_text(text)))) {
    if (name != "original-mail-from") continue;
    for (const auto& [unused, address] : parse_mailboxes(value, 5)) addresses.push_back(address);
  }
  return addresses;
}

std::optional<DeliveryReport> report_of_words(const std::string& subject, const std::string& text) {
  const auto code = enhanced_code(text);
  if (!speaks_of_failure(subject) && code.empty()) return std::nullopt;
  DeliveryReport report;
  report.status = code;
  const char basic = code.empty() ? basic_code(text) : '\0';
  if (basic != 0) report.status = std::string(1, basic) + ".0.0";
  report.action = report.status.starts_with('4') ? "delayed" : "failed";
  report.final_recipient = named_recipient(text);
  report.diagnostic = domain::text_within(clean_line(text), kLongestDiagnostic);
  return report;
}

}  // namespace narada::notifications
