#include "service/identity/hashing_gate.h"

#include "service/identity/password.h"

namespace narada::identity {

HashingGate::Pass::Pass(HashingGate& gate) : gate_(gate) {
  std::unique_lock lock(gate_.mutex_);
  const auto has_room = [this] { return gate_.inside_ < gate_.at_once_; };
  if (!has_room()) {
    if (gate_.waiting_ >= gate_.most_waiting_) throw HashingBusy();
    ++gate_.waiting_;
    const bool entered = gate_.left_.wait_for(lock, gate_.wait_, has_room);
    --gate_.waiting_;
    if (!entered) throw HashingBusy();
  }
  ++gate_.inside_;
}

HashingGate::Pass::~Pass() {
  const std::lock_guard lock(gate_.mutex_);
  --gate_.inside_;
  gate_.left_.notify_one();
}

}  // namespace narada::identity
