#include "tests/storage/mail_composer.h"

#include <string>

#include "web/render.h"

namespace narada::testing {

const notifications::Composer& mail_composer() {
  static const web::Messages messages(std::string(NARADA_SOURCE_DIR) + "/web/locales");
  static const web::Renderer renderer(std::string(NARADA_SOURCE_DIR) + "/web", messages,
                                      web::View::object());
  static const notifications::Composer composer(
      renderer, messages, {"spotkania@narada.example", "Narada", "https://narada.example"});
  return composer;
}

}  // namespace narada::testing
