#include "web/view_dictionary.h"

#include <utility>

#include "web/safe_html.h"

namespace narada::web {
namespace {

constexpr std::string_view kMessage = "t_";
constexpr std::string_view kAsset = "asset_";
constexpr std::string_view kSafe = "safe_";
constexpr std::string_view kAbsent = "not_";
constexpr std::string_view kPresent = "_shown";

std::string_view to_view(const ctemplate::TemplateString& text) {
  return {text.data(), text.size()};
}
ctemplate::TemplateString to_template(std::string_view text) { return {text.data(), text.size()}; }

// What opens a section.
bool is_shown(const View* value) {
  if (!value || value->is_null()) return false;
  if (value->is_boolean()) return value->get<bool>();
  if (value->is_string()) return !value->get_ref<const std::string&>().empty();
  if (value->is_array() || value->is_object()) return !value->empty();
  return true;
}

// Names of templates cannot hold dots: "t_registration__submit" is the message
// "registration.submit".
std::string message_key(std::string_view name) {
  std::string key;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name.substr(i, 2) == "__") {
      key += '.';
      ++i;
    } else {
      key += name[i];
    }
  }
  return key;
}

}  // namespace

// The elements of an array, an object once, anything else once in the same scope.
class ViewDictionary::Elements final : public Iterator {
 public:
  Elements(const ViewDictionary& scope, const View* value) : scope_(scope), value_(value) {
    if (!value)
      count_ = 1;
    else if (value->is_array())
      count_ = value->size();
    else
      count_ = 1;
  }
  bool HasNext() const override { return next_ < count_; }
  const TemplateDictionaryInterface& Next() override {
    const auto index = next_++;
    if (!value_ || !(value_->is_array() || value_->is_object())) return scope_;
    const View& element = value_->is_array() ? (*value_)[index] : *value_;
    return elements_.emplace_back(element, &scope_, *scope_.context_);
  }

 private:
  const ViewDictionary& scope_;
  const View* value_;
  std::size_t next_ = 0;
  std::size_t count_ = 0;
  std::deque<ViewDictionary> elements_;
};

const View* ViewDictionary::find(std::string_view name) const {
  for (const auto* scope = this; scope; scope = scope->outer_) {
    if (scope->view_->is_object()) {
      const auto found = scope->view_->find(name);
      if (found != scope->view_->end()) return &*found;
    } else if (name == "value") {
      return scope->view_;
    }
  }
  return nullptr;
}

ViewDictionary::Section ViewDictionary::find_section(std::string_view name) const {
  if (const auto* value = find(name)) return {value, is_shown(value)};
  if (name.starts_with(kAbsent)) return {nullptr, !is_shown(find(name.substr(kAbsent.size())))};
  if (name.ends_with(kPresent))
    return {nullptr, is_shown(find(name.substr(0, name.size() - kPresent.size())))};
  return {nullptr, false};
}

ctemplate::TemplateString ViewDictionary::GetValue(
    const ctemplate::TemplateString& variable) const {
  const auto name = to_view(variable);
  if (name.starts_with(kMessage)) {
    return to_template(context_->texts.emplace_back(
        context_->messages.text(context_->language, message_key(name.substr(kMessage.size())))));
  }
  if (name.starts_with(kAsset)) {
    const auto found = context_->assets.find(name.substr(kAsset.size()));
    return found == context_->assets.end() ? to_template("") : to_template(found->second);
  }
  if (name.starts_with(kSafe)) return safe_value(name.substr(kSafe.size()));
  const auto* value = find(name);
  if (!value || value->is_null()) return to_template("");
  if (value->is_string()) return to_template(value->get_ref<const std::string&>());
  return to_template(context_->texts.emplace_back(value->dump()));
}

// What templates do not escape, because it is marked; a text that is not is escaped here.
ctemplate::TemplateString ViewDictionary::safe_value(std::string_view name) const {
  const auto* value = find(name);
  if (!value || value->is_null()) return to_template("");
  if (const auto* html = find_safe_html(*value)) return to_template(*html);
  return to_template(context_->texts.emplace_back(
      escape_html(value->is_string() ? value->get_ref<const std::string&>() : value->dump())));
}

bool ViewDictionary::IsHiddenSection(const ctemplate::TemplateString& name) const {
  return !find_section(to_view(name)).shown;
}

bool ViewDictionary::IsUnhiddenSection(const ctemplate::TemplateString& name) const {
  return !IsHiddenSection(name);
}

ctemplate::TemplateDictionaryInterface::Iterator* ViewDictionary::CreateSectionIterator(
    const ctemplate::TemplateString& name) const {
  return new Elements(*this, find_section(to_view(name)).value);
}

ctemplate::TemplateDictionaryInterface::Iterator* ViewDictionary::CreateTemplateIterator(
    const ctemplate::TemplateString&) const {
  return new Elements(*this, nullptr);
}

const char* ViewDictionary::GetIncludeTemplateName(const ctemplate::TemplateString& variable,
                                                   int) const {
  return context_->texts
      .emplace_back(std::string(context_->include_folder) + std::string(to_view(variable)) +
                    std::string(context_->include_ending))
      .c_str();
}

}  // namespace narada::web
