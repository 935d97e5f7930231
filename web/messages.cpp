#include <unicode/locid.h>
#include <unicode/msgfmt.h>
#include <unicode/unistr.h>

#include <atomic>
#include <fstream>
#include <map>
#include <stdexcept>
#include <unordered_map>
#include <vector>

#include "web/render.h"

namespace narada::web {
namespace {

constexpr std::string_view kLanguages[] = {"pl", "en"};

// One message. Without arguments its text is made at load; with them each thread formats with a
// clone of its own, because MessageFormat fills caches while it formats. The serial outlives the
// address.
struct Message {
  std::string plain;
  std::unique_ptr<icu::MessageFormat> format;
  std::uint64_t serial = 0;
};

std::uint64_t next_serial() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

icu::MessageFormat& own_clone(const Message& message) {
  thread_local std::unordered_map<std::uint64_t, std::unique_ptr<icu::MessageFormat>> clones;
  auto& clone = clones[message.serial];
  if (!clone) clone.reset(message.format->clone());
  return *clone;
}

std::string format_message(icu::MessageFormat& format, const std::vector<icu::UnicodeString>& names,
                           const std::vector<icu::Formattable>& values) {
  icu::UnicodeString formatted;
  UErrorCode error = U_ZERO_ERROR;
  format.format(names.data(), values.data(), static_cast<int32_t>(names.size()), formatted, error);
  if (U_FAILURE(error))
    throw std::runtime_error(std::string("message cannot be formatted: ") + u_errorName(error));
  std::string text;
  formatted.toUTF8String(text);
  return text;
}

Message load_message(const std::string& where, const std::string& pattern,
                     const icu::Locale& locale) {
  Message message;
  UErrorCode error = U_ZERO_ERROR;
  UParseError position{};
  message.format = std::make_unique<icu::MessageFormat>(icu::UnicodeString::fromUTF8(pattern),
                                                        locale, position, error);
  if (U_FAILURE(error))
    throw std::runtime_error(where + ": " + u_errorName(error) + " at character " +
                             std::to_string(position.offset));
  int32_t count = 0;
  message.format->getFormats(count);
  if (count == 0) {
    message.plain = format_message(*message.format, {}, {});
    message.format.reset();
  } else if (!message.format->usesNamedArguments()) {
    throw std::runtime_error(where + ": arguments must have names");
  }
  message.serial = next_serial();
  return message;
}

}  // namespace

class Messages::Impl {
 public:
  explicit Impl(const std::filesystem::path& locales) {
    for (const auto language : kLanguages) {
      const auto folder = locales / language;
      std::error_code error;
      for (const auto& entry : std::filesystem::directory_iterator(folder, error))
        if (entry.path().extension() == ".json") load(std::string(language), entry.path());
      if (error) throw std::runtime_error(folder.string() + ": " + error.message());
    }
  }

  const Message* find(std::string_view language, std::string_view key) const {
    const auto& messages = language == "en" ? english_ : polish_;
    const auto found = messages.find(key);
    return found == messages.end() ? nullptr : &found->second;
  }

 private:
  void load(const std::string& language, const std::filesystem::path& path) {
    std::ifstream file(path);
    const auto texts = View::parse(file);
    const icu::Locale locale(language.c_str());
    auto& messages = language == "en" ? english_ : polish_;
    for (const auto& [key, text] : texts.items()) {
      const auto where = path.string() + ": " + key;
      if (!text.is_string()) throw std::runtime_error(where + ": must be a string");
      if (!messages.emplace(key, load_message(where, text.get<std::string>(), locale)).second)
        throw std::runtime_error(where + ": is already in another file");
    }
  }

  std::map<std::string, Message, std::less<>> polish_;
  std::map<std::string, Message, std::less<>> english_;
};

Messages::Messages(const std::filesystem::path& locales) : impl_(std::make_unique<Impl>(locales)) {}
Messages::~Messages() = default;

bool Messages::has(std::string_view language, std::string_view key) const {
  return impl_->find(language, key) != nullptr;
}

std::string Messages::text(std::string_view language, std::string_view key,
                           MessageArguments arguments) const {
  const auto* message = impl_->find(language, key);
  if (!message) return "[" + std::string(key) + "]";
  if (!message->format) return message->plain;
  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  for (const auto& [name, value] : arguments) {
    names.push_back(icu::UnicodeString::fromUTF8(
        icu::StringPiece(name.data(), static_cast<int32_t>(name.size()))));
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      values.emplace_back(static_cast<int64_t>(*number));
    } else {
      values.emplace_back(icu::UnicodeString::fromUTF8(std::get<std::string>(value)));
    }
  }
  return format_message(own_clone(*message), names, values);
}

std::string Messages::text(std::string_view language, std::string_view key,
                           const View& arguments) const {
  const auto* message = impl_->find(language, key);
  if (!message) return "[" + std::string(key) + "]";
  if (!message->format) return message->plain;
  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  for (const auto& [name, value] : arguments.items()) {
    names.push_back(icu::UnicodeString::fromUTF8(name));
    if (value.is_number_integer()) {
      values.emplace_back(static_cast<int64_t>(value.get<std::int64_t>()));
    } else {
      values.emplace_back(icu::UnicodeString::fromUTF8(value.is_string() ? value.get<std::string>()
                                                                         : value.dump()));
    }
  }
  return format_message(own_clone(*message), names, values);
}

}  // namespace narada::web
