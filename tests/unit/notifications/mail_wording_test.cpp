#include "notifications/mail_wording.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "notifications/mail_view.h"
#include "tests/unit/notifications/samples.h"

using namespace narada;
using namespace narada::notifications;
using domain::Language;

namespace {

class OwnWords final : public MailWordings {
 public:
  std::optional<MailWording> find_wording(MailKind kind, Language language) const override {
    if (kind != MailKind::meeting_moved || language != Language::pl) return std::nullopt;
    return MailWording{"Uwaga: {title}, {when}", "{standard}!",
                       "Dzień dobry, {person}.\n\n{standard}\nSpotykamy się: {place}.",
                       "Do zobaczenia {day}"};
  }
};

Composer composer_with(const MailWordings& wordings) {
  static const web::Renderer renderer(std::string(NARADA_SOURCE_DIR) + "/web", sample_messages(),
                                      web::View::object());
  return Composer(renderer, sample_messages(), sample_composer().sender(), &wordings);
}

}  // namespace

TEST_CASE("a wording is checked before anybody gets it") {
  struct Case {
    std::string name;
    MailKind kind;
    WordingField field;
    std::string text;
    std::optional<WordingFault> fault;
  };
  using enum WordingField;
  const auto moved = MailKind::meeting_moved;
  for (const Case& given : {
           Case{"no placeholder", moved, heading, "Zmiana", {}},
           Case{"all that there are",
                moved,
                intro,
                "{title}{day}{when}{place}{person}{standard}",
                {}},
           Case{"empty", moved, closing, "", {}},
           Case{"of another kind", moved, intro, "{address}",
                WordingFault{"unknown_mark", "address"}},
           Case{"a choice of the program's own texts", moved, heading, "{day, select, other {x}}",
                WordingFault{"unbalanced_brace"}},
           Case{"with a comma", moved, heading, "{day, date}",
                WordingFault{"unknown_mark", "day, date"}},
           Case{"with a blank", moved, heading, "{ day}", WordingFault{"unknown_mark", " day"}},
           Case{"a name in Polish", moved, heading, "{dzień}",
                WordingFault{"unknown_mark", "dzień"}},
           Case{"nothing between braces", moved, heading, "{}", WordingFault{"unknown_mark", ""}},
           Case{"open", moved, heading, "a {day", WordingFault{"unbalanced_brace"}},
           Case{"closed", moved, heading, "a day}", WordingFault{"unbalanced_brace"}},
           Case{"twice open", moved, heading, "{{day}}", WordingFault{"unbalanced_brace"}},
           Case{"subject without the meeting", moved, subject, "Zmiana ({day})",
                WordingFault{"missing_mark", "title"}},
           Case{"subject of the program", moved, subject, "{standard}!", {}},
           Case{"no such text of the program", MailKind::meeting_cancelled, subject, "{standard}",
                WordingFault{"unknown_mark", "standard"}},
           Case{"whom it is about", MailKind::consent_asked, intro, "Prosimy o zgodę.",
                WordingFault{"missing_mark", "about"}},
           Case{"which address", MailKind::sign_in_link, intro, "Zaloguj się.",
                WordingFault{"missing_mark", "address"}},
           Case{"a digest needs nothing", MailKind::digest, subject, "Co nowego", {}},
       }) {
    CAPTURE(given.name);
    CHECK((find_fault(given.kind, given.field, given.text) == given.fault));
  }
}

TEST_CASE("a value is put in once and is never a placeholder itself") {
  const std::map<std::string, std::string> values{{"title", "{day} <b>{title}</b>"},
                                                  {"day", "wtorek"}};
  CHECK(fill("{title}, {day}", values) == "{day} <b>{title}</b>, wtorek");
  CHECK(fill("{unknown}x", values) == "x");
  CHECK(fill("", values).empty());
  CHECK(fill("a } b", values) == "a } b");
}

TEST_CASE("every placeholder of every kind has a value, and what is required is one of them") {
  for (const auto& sample : mail_samples()) {
    CAPTURE(sample.name);
    const MailKind kind = sample.facts.kind;
    MailWording wording{"s", "h", "", ""};
    for (const auto name : placeholders_of(kind))
      wording.intro += "<{" + std::string(name) + "}>\n";
    const auto view =
        make_mail_view(sample.facts, sample_messages(), sample_composer().sender(), &wording);
    CHECK(view["intro"].size() == placeholders_of(kind).size());
    for (const auto& line : view["intro"]) CHECK(line["value"].get<std::string>().size() > 2);
    for (const auto field : kWordingFields) {
      for (const auto name : required_placeholders(kind, field)) {
        const auto known = placeholders_of(kind);
        CHECK(std::find(known.begin(), known.end(), name) != known.end());
      }
    }
  }
}

TEST_CASE("the organizers' words stand in place of the program's, in one kind and language") {
  const OwnWords words;
  const Composer composer = composer_with(words);
  auto facts = sample_facts(MailKind::meeting_moved, Language::pl);
  facts.meeting_title = "{person} <b>i</b> zieleń";
  const auto mail = composer.read(facts);
  CHECK(mail.subject ==
        "Uwaga: {person} <b>i</b> zieleń, wtorek, 19 stycznia 2027, 10:00–14:00 (czas polski)");
  CHECK(mail.text.starts_with("Nowy termin spotkania!\n\nDzień dobry, Żaneta Ćwikła-Łęcka.\n\n"));
  CHECK(mail.text.find("\n\nDo zobaczenia 19 stycznia 2027\n\n") != std::string::npos);
  CHECK(mail.html.find("<b>i</b>") == std::string::npos);
  CHECK(mail.html.find("{person} &lt;b&gt;i&lt;/b&gt; zieleń") != std::string::npos);

  const MailWording typed{"{title}", "Inaczej", "Tak.", ""};
  CHECK(composer.read(facts, typed).text.starts_with("Inaczej\n\nTak.\n\nOsoba: "));
  for (const auto language : {Language::pl, Language::en}) {
    const auto other = sample_facts(MailKind::meeting_cancelled, language);
    CHECK(composer.read(other).html == sample_composer().read(other).html);
  }
  const auto english = sample_facts(MailKind::meeting_moved, Language::en);
  CHECK(composer.read(english).html == sample_composer().read(english).html);
}

TEST_CASE("what somebody has typed for one mail goes before any wording") {
  const MailWording wording{"Wiadomość: {title}", "h", "i", ""};
  const auto facts = sample_facts(MailKind::organizer_message, Language::pl);
  CHECK(sample_composer().read(facts, wording).subject == "Zabierzcie laptopy");
}
