#include "service/usecases/invitees/invitee_paste.h"

#include <algorithm>
#include <array>
#include <optional>

#include "service/usecases/registrations/registration_input.h"

namespace narada::usecases {
namespace {

enum class Meaning { other, full_name, first_name, last_name, email, institution, job_title };

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Without the quotation marks of a spreadsheet or of Outlook.
std::string unquoted(std::string_view cell) {
  cell = trimmed(cell);
  if (cell.size() < 2 || cell.front() != '"' || cell.back() != '"') return std::string(cell);
  std::string text;
  const auto inner = cell.substr(1, cell.size() - 2);
  for (std::size_t index = 0; index < inner.size(); ++index) {
    text += inner[index];
    if (inner[index] == '"' && index + 1 < inner.size() && inner[index + 1] == '"') ++index;
  }
  return std::string(trimmed(text));
}

// The parts between separators that stand neither in quotation marks nor between < and >.
std::vector<std::string_view> split(std::string_view line, char separator) {
  std::vector<std::string_view> parts;
  // A mark without its partner is a letter like any other.
  const bool has_quotes = std::count(line.begin(), line.end(), '"') % 2 == 0;
  bool quoted = false;
  bool angled = false;
  std::size_t begin = 0;
  for (std::size_t index = 0; index < line.size(); ++index) {
    const char c = line[index];
    if (c == '"' && has_quotes) quoted = !quoted;
    if (!quoted && c == '<') angled = line.find('>', index) != std::string_view::npos;
    if (!quoted && c == '>') angled = false;
    if (c != separator || quoted || angled) continue;
    parts.push_back(line.substr(begin, index - begin));
    begin = index + 1;
  }
  parts.push_back(line.substr(begin));
  return parts;
}

std::ptrdiff_t count_addresses(std::string_view line) {
  return std::count(line.begin(), line.end(), '@');
}

// "Kowalski, Jan" as the directory of an office writes it.
std::string in_order(const std::string& name) {
  const auto comma = name.find(',');
  if (comma == std::string::npos || name.find(',', comma + 1) != std::string::npos) return name;
  const std::string first(trimmed(std::string_view(name).substr(comma + 1)));
  const std::string last(trimmed(std::string_view(name).substr(0, comma)));
  if (first.empty() || last.empty()) return last + first;
  return first + " " + last;
}

// "Jan Kowalski <jan@urzad.example>", "<jan@…>", "jan@…", "mailto:jan@…".
void read_address(std::string_view cell, PastedInvitee& row) {
  cell = trimmed(cell);
  const auto open = cell.rfind('<');
  const auto close = cell.rfind('>');
  if (open != std::string_view::npos && close != std::string_view::npos && open < close) {
    const auto name = in_order(unquoted(cell.substr(0, open)));
    if (!name.empty()) row.full_name = name;
    cell = cell.substr(open + 1, close - open - 1);
  }
  row.email = unquoted(cell);
  constexpr std::string_view kScheme = "mailto:";
  if (row.email.starts_with(kScheme)) row.email.erase(0, kScheme.size());
}

std::string folded(std::string_view cell) {
  std::string key = make_name_key(unquoted(cell));
  for (const auto& [from, to] : {std::pair<std::string_view, std::string_view>{"ę", "e"},
                                 {"ó", "o"},
                                 {"ł", "l"},
                                 {"ą", "a"}}) {
    for (auto at = key.find(from); at != std::string::npos; at = key.find(from, at + to.size()))
      key.replace(at, from.size(), to);
  }
  return key;
}

Meaning meaning_of(const std::string& heading) {
  const auto has = [&](std::string_view part) { return heading.find(part) != std::string::npos; };
  if (has("mail") || has("adres e")) return Meaning::email;
  if (has("instytucj") || has("institution") || has("gmin") || has("urzad") || has("urząd") ||
      has("jednostk") || has("firma") || has("organiza")) {
    return Meaning::institution;
  }
  if (has("stanowisk") || has("position") || has("funkcj") || has("job")) return Meaning::job_title;
  if (has("imie i nazw") || has("nazwisko i im") || heading == "name" || has("full name") ||
      has("osoba") || has("uczestni")) {
    return Meaning::full_name;
  }
  if (has("nazwisko") || has("last name") || has("surname")) return Meaning::last_name;
  if (has("imie") || has("first name")) return Meaning::first_name;
  return Meaning::other;
}

char separator_of(std::string_view line) {
  for (const char separator : {';', '\t'})
    if (split(line, separator).size() > 1) return separator;
  return ',';
}

// The columns that a first line names; absent when it names none.
std::optional<std::vector<Meaning>> read_heading(std::string_view line) {
  if (count_addresses(line) > 0) return std::nullopt;
  std::vector<Meaning> columns;
  for (const auto cell : split(line, separator_of(line)))
    columns.push_back(meaning_of(folded(cell)));
  const bool named = std::find(columns.begin(), columns.end(), Meaning::email) != columns.end();
  return named ? std::optional(columns) : std::nullopt;
}

void read_named_cells(const std::vector<std::string_view>& cells,
                      const std::vector<Meaning>& columns, PastedInvitee& row) {
  std::string first;
  std::string last;
  for (std::size_t index = 0; index < std::min(cells.size(), columns.size()); ++index) {
    const std::string text = unquoted(cells[index]);
    switch (columns[index]) {
      case Meaning::full_name:
        row.full_name = in_order(text);
        break;
      case Meaning::first_name:
        first = text;
        break;
      case Meaning::last_name:
        last = text;
        break;
      case Meaning::email:
        read_address(cells[index], row);
        break;
      case Meaning::institution:
        row.institution = text;
        break;
      case Meaning::job_title:
        row.job_title = text;
        break;
      case Meaning::other:
        break;
    }
  }
  if (!row.full_name.empty() || (first.empty() && last.empty())) return;
  row.full_name = first.empty() || last.empty() ? first + last : first + " " + last;
}

void read_cells(const std::vector<std::string_view>& cells, PastedInvitee& row) {
  std::vector<std::string> others;
  bool found = false;
  for (const auto cell : cells) {
    if (!found && cell.find('@') != std::string_view::npos) {
      read_address(cell, row);
      found = true;
    } else {
      others.push_back(unquoted(cell));
    }
  }
  std::size_t next = 0;
  const auto take = [&](std::string& field) {
    if (next < others.size()) field = others[next++];
  };
  if (row.full_name.empty()) take(row.full_name);
  take(row.institution);
  take(row.job_title);
}

void check(PastedInvitee& row) {
  constexpr TextBounds kName{2, 200, false, false};
  row.full_name = check_text(row.full_name, "full_name", kName, row.errors);
  const std::string typed = row.email;
  if (typed.empty()) {
    row.errors.push_back({"email", "missing_address"});
  } else {
    row.email = check_email(row.email, row.errors);
  }
  if (row.email.empty()) row.email = typed;
  row.institution = check_text(row.institution, "institution", {0, 200, false, false}, row.errors);
  row.job_title = check_text(row.job_title, "job_title", kPositionBounds, row.errors);
}

PastedInvitee start_row(int line, std::string_view text) {
  PastedInvitee row;
  row.line = line;
  row.text = trimmed(text);
  return row;
}

// Several people on one line, as a mail program lists them.
void read_list(std::string_view text, int line, std::vector<PastedInvitee>& rows) {
  const char separator = split(text, ';').size() > 1 ? ';' : ',';
  for (const auto part : split(text, separator)) {
    if (trimmed(part).empty()) continue;
    auto row = start_row(line, part);
    read_address(part, row);
    check(row);
    rows.push_back(std::move(row));
  }
}

void read_line(std::string_view text, int line, const std::optional<std::vector<Meaning>>& columns,
               std::vector<PastedInvitee>& rows) {
  if (!columns && count_addresses(text) > 1) {
    read_list(text, line, rows);
    return;
  }
  auto row = start_row(line, text);
  const bool is_address =
      trimmed(text).ends_with('>') && split(text, ';').size() == 1 && split(text, '\t').size() == 1;
  if (columns) {
    read_named_cells(split(text, separator_of(text)), *columns, row);
  } else if (is_address) {
    read_address(text, row);
  } else {
    read_cells(split(text, separator_of(text)), row);
  }
  check(row);
  rows.push_back(std::move(row));
}

// The mailboxes of most private people; a letter wrong in one of these is a slip.
constexpr std::array<std::string_view, 14> kMailboxes{
    "gmail.com",  "wp.pl",     "o2.pl",   "onet.pl",     "interia.pl",
    "poczta.fm",  "op.pl",     "vp.pl",   "outlook.com", "hotmail.com",
    "icloud.com", "yahoo.com", "onet.eu", "gazeta.pl"};

// Whether one letter more, less, other, or two neighbours changed make one of the other.
bool is_one_slip_away(std::string_view one, std::string_view other) {
  if (one.size() > other.size()) std::swap(one, other);
  if (other.size() - one.size() > 1 || one == other) return false;
  std::size_t at = 0;
  while (at < one.size() && one[at] == other[at]) ++at;
  if (one.size() != other.size()) return one.substr(at) == other.substr(at + 1);
  if (one.substr(at + 1) == other.substr(at + 1)) return true;
  return at + 1 < one.size() && one[at] == other[at + 1] && one[at + 1] == other[at] &&
         one.substr(at + 2) == other.substr(at + 2);
}

}  // namespace

domain::Outcome<std::vector<PastedInvitee>> parse_invitees(std::string_view text) {
  domain::FieldErrors errors;
  if (text.size() > kMostPastedOctets) return domain::FieldErrors{{"text", "list_too_long"}};
  const auto checked =
      check_text(std::string(text), "text", {0, kMostPastedOctets, true, true}, errors);
  if (!errors.empty()) return errors;
  std::vector<PastedInvitee> rows;
  std::optional<std::vector<Meaning>> columns;
  int line = 0;
  bool first = true;
  std::string_view rest = checked;
  for (bool more = true; more;) {
    const auto end = rest.find('\n');
    const auto part = rest.substr(0, end);
    more = end != std::string_view::npos;
    if (more) rest.remove_prefix(end + 1);
    ++line;
    if (trimmed(part).empty()) continue;
    if (first) columns = read_heading(part);
    if (!(first && columns)) read_line(part, line, columns, rows);
    first = false;
  }
  if (rows.size() > kMostPastedInvitees) {
    return domain::FieldErrors{
        {"text", "too_many", {{"max", std::to_string(kMostPastedInvitees)}}}};
  }
  return rows;
}

std::string find_meant_domain(std::string_view email) {
  const auto at = email.rfind('@');
  if (at == std::string_view::npos) return {};
  const std::string domain = make_email_key(email.substr(at + 1));
  if (std::find(kMailboxes.begin(), kMailboxes.end(), domain) != kMailboxes.end()) return {};
  // Of a short one, another short one is one letter away that exists as well.
  constexpr std::size_t kLongEnough = 7;
  for (const auto known : kMailboxes)
    if (known.size() >= kLongEnough && is_one_slip_away(domain, known)) return std::string(known);
  return {};
}

}  // namespace narada::usecases
