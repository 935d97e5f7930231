#pragma once

#include <ctemplate/template_dictionary_interface.h>

#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "web/render.h"

namespace narada::web {

// What every page of one rendering shares.
struct RenderContext {
  const Messages& messages;
  const std::map<std::string, std::string, std::less<>>& assets;  // "site_css" → URL
  std::string_view include_folder;                                // "pages/" or "mail/"
  std::string_view include_ending;                                // ".html" or ".txt"
  std::string_view language;
  std::deque<std::string> texts = {};  // what variables point to, until the rendering ends
};

// A JSON view as ctemplate sees it, without copying it. Lives for one rendering on one thread.
class ViewDictionary final : public ctemplate::TemplateDictionaryInterface {
 public:
  ViewDictionary(const View& view, const ViewDictionary* outer, RenderContext& context)
      : view_(&view), outer_(outer), context_(&context) {}

 protected:
  ctemplate::TemplateString GetValue(const ctemplate::TemplateString& variable) const override;
  bool IsHiddenSection(const ctemplate::TemplateString& name) const override;
  bool IsUnhiddenSection(const ctemplate::TemplateString& name) const override;
  Iterator* CreateSectionIterator(const ctemplate::TemplateString& name) const override;
  bool IsHiddenTemplate(const ctemplate::TemplateString&) const override { return false; }
  Iterator* CreateTemplateIterator(const ctemplate::TemplateString&) const override;
  const char* GetIncludeTemplateName(const ctemplate::TemplateString& variable, int) const override;
  void DumpToString(std::string* out, int) const override { *out += view_->dump(1); }

 private:
  class Elements;

  const View* find(std::string_view name) const;
  ctemplate::TemplateString safe_value(std::string_view name) const;
  struct Section {
    const View* value;  // null: shown once, in the same scope
    bool shown;
  };
  Section find_section(std::string_view name) const;

  const View* view_;
  const ViewDictionary* outer_;
  RenderContext* context_;
};

}  // namespace narada::web
