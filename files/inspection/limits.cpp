#include "files/inspection/limits.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <system_error>
#include <vector>

namespace narada::files::inspection {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void limit(int resource, rlim_t most) {
  const rlimit both{most, most};
  if (::setrlimit(static_cast<__rlimit_resource>(resource), &both) != 0) fail("setrlimit");
}

// AddressSanitizer reserves terabytes of addresses for itself.
#ifdef __SANITIZE_ADDRESS__
constexpr bool kLimitsAddresses = false;
#else
constexpr bool kLimitsAddresses = true;
#endif

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#endif

// What reading a document never takes. The call fails as one that is not permitted.
constexpr std::array kForbidden = {SYS_socket,
                                   SYS_socketpair,
                                   SYS_connect,
                                   SYS_bind,
                                   SYS_listen,
                                   SYS_accept4,
                                   SYS_sendto,
                                   SYS_sendmsg,
                                   SYS_execve,
                                   SYS_execveat,
                                   SYS_ptrace,
                                   SYS_kill,
                                   SYS_tkill,
                                   SYS_tgkill,
                                   SYS_unlinkat,
                                   SYS_renameat2,
                                   SYS_mkdirat,
                                   SYS_linkat,
                                   SYS_symlinkat,
                                   SYS_fchmodat,
                                   SYS_fchownat,
                                   SYS_mount,
                                   SYS_bpf,
                                   SYS_io_uring_setup,
                                   SYS_process_vm_readv,
                                   SYS_process_vm_writev,
                                   SYS_keyctl,
                                   SYS_userfaultfd,
                                   SYS_unshare,
                                   SYS_setns,
                                   SYS_perf_event_open};

void forbid_calls() {
#if defined(__x86_64__) || defined(__aarch64__)
  std::vector<sock_filter> filter;
  const auto add = [&](std::uint16_t code, std::uint32_t value, std::uint8_t yes = 0,
                       std::uint8_t no = 0) {
    filter.push_back(sock_filter{code, yes, no, value});
  };
  add(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch));
  add(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0);
  add(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
  add(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr));
#if defined(__x86_64__)
  constexpr std::uint32_t kOtherNumbers = 0x40000000;  // x32
  add(BPF_JMP | BPF_JGE | BPF_K, kOtherNumbers, 0, 1);
  add(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
#endif
  for (const auto call : kForbidden) {
    add(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(call), 0, 1);
    add(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
  }
  add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  // A kernel without it leaves the other bounds.
  if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0 && errno != EINVAL)
    fail("seccomp");
#endif
}

}  // namespace

void confine_this_process(unsigned processor_seconds) {
  constexpr rlim_t kMemory = rlim_t{1} << 30;     // octets of addresses
  constexpr rlim_t kWritten = rlim_t{128} << 20;  // octets of a file
  constexpr rlim_t kDescriptors = 64;
  // Also when its parent dies.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("no_new_privs");
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, processor_seconds);
  limit(RLIMIT_FSIZE, kWritten);
  limit(RLIMIT_NOFILE, kDescriptors);
  if (kLimitsAddresses) limit(RLIMIT_AS, kMemory);
  forbid_calls();
}

}  // namespace narada::files::inspection
