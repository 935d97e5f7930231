#include <ctemplate/template.h>
#include <ctemplate/template_cache.h>
#include <ctemplate/template_emitter.h>

#include <fstream>
#include <stdexcept>

#include "web/render.h"
#include "web/view_dictionary.h"

namespace narada::web {
namespace {

// ctemplate escapes nothing in a file without it, whatever the file that includes it says.
constexpr std::string_view kPragma = "{{%AUTOESCAPE context=\"HTML\"}}";

bool starts_with_pragma(const std::filesystem::path& path) {
  std::string start(kPragma.size(), '\0');
  return std::ifstream(path).read(start.data(), static_cast<std::streamsize>(start.size())) &&
         start == kPragma;
}

std::string variable_of(std::string_view file) {
  std::string name;
  for (const char c : file) name += c == '.' || c == '/' || c == '-' ? '_' : c;
  return name;
}

}  // namespace

class Renderer::Impl {
 public:
  Impl(const std::filesystem::path& root, const Messages& messages, const View& assets)
      : messages_(messages) {
    for (const auto& [file, url] : assets.items())
      assets_[variable_of(file)] = url.get<std::string>();
    cache_.SetTemplateRootDirectory(root.string());
    load(root, "pages", ".html", ctemplate::STRIP_WHITESPACE);
    load(root, "mail", ".html", ctemplate::STRIP_WHITESPACE);
    // Nothing is read from files any more, so that rendering takes no lock.
    cache_.Freeze();
  }

  std::string render(std::string_view name, std::string_view ending, ctemplate::Strip strip,
                     const View& view) const {
    const auto folder = name.substr(0, name.find('/') + 1);
    const auto found = view.find("language");
    const std::string language =
        found != view.end() && found->is_string() ? found->get<std::string>() : "pl";
    RenderContext context{messages_, assets_, folder, ending, language};
    const ViewDictionary dictionary(view, nullptr, context);
    std::string out;
    ctemplate::StringEmitter emitter(&out);
    const auto file = std::string(name) + std::string(ending);
    if (!cache_.ExpandNoLoad(file, strip, &dictionary, nullptr, &emitter))
      throw std::runtime_error("no template, or one of its parts is missing: " + file);
    return out;
  }

 private:
  void load(const std::filesystem::path& root, const std::string& folder, const std::string& ending,
            ctemplate::Strip strip) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(root / folder, error)) {
      if (entry.path().extension() != ending) continue;
      const auto name = folder + "/" + entry.path().filename().string();
      if (ending == ".html" && !starts_with_pragma(entry.path()))
        throw std::runtime_error("template must start with " + std::string(kPragma) + ": " + name);
      if (!cache_.LoadTemplate(name, strip))
        throw std::runtime_error("template does not parse: " + name);
    }
  }

  const Messages& messages_;
  std::map<std::string, std::string, std::less<>> assets_;
  mutable ctemplate::TemplateCache cache_;
};

Renderer::Renderer(std::filesystem::path root, const Messages& messages, View assets)
    : impl_(std::make_unique<Impl>(root, messages, assets)) {}
Renderer::~Renderer() = default;

std::string Renderer::html(std::string_view name, const View& view) const {
  return impl_->render(name, ".html", ctemplate::STRIP_WHITESPACE, view);
}

}  // namespace narada::web
