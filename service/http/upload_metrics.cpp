#include "service/http/upload_metrics.h"

#include <fmt/format.h>

namespace narada::http {

std::string upload_metrics(const usecases::UploadStandings& standings) {
  return fmt::format(
      "# HELP narada_uploads Files on their way here, by state.\n"
      "# TYPE narada_uploads gauge\n"
      "narada_uploads{{state=\"receiving\"}} {}\n"
      "narada_uploads{{state=\"received\"}} {}\n"
      "# HELP narada_uploads_failing Of those received, uploads that the store has not taken.\n"
      "# TYPE narada_uploads_failing gauge\n"
      "narada_uploads_failing {}\n",
      standings.receiving, standings.waiting, standings.failing);
}

}  // namespace narada::http
