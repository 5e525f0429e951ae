// libcuda: memory of the host, a queue that runs when somebody waits for it, kernels as shared objects whose threads are fibers.
// Work is done late and errors are told late, as on a device: a host that does not wait for what it needs is found out.
#undef _FORTIFY_SOURCE                                  // its longjmp refuses to leave a fiber
#include "emulated.h"
#include <chrono>
#include <csetjmp>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <elf.h>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>
#include <vector>

namespace {
enum Status { Success = 0, InvalidValue = 1, OutOfMemory = 2, InvalidContext = 201, InvalidImage = 200, InvalidDevice = 101, NotFound = 500, NotReady = 600,
    IllegalAddress = 700, OutOfResources = 701, Timeout = 702, LaunchFailed = 719 };
const std::map<int, std::pair<const char*, const char*>> s_words = {
    {InvalidValue, {"CUDA_ERROR_INVALID_VALUE", "invalid argument"}}, {OutOfMemory, {"CUDA_ERROR_OUT_OF_MEMORY", "out of memory"}},
    {InvalidContext, {"CUDA_ERROR_INVALID_CONTEXT", "invalid device context"}}, {InvalidImage, {"CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"}},
    {InvalidDevice, {"CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"}}, {NotFound, {"CUDA_ERROR_NOT_FOUND", "named symbol not found"}},
    {IllegalAddress, {"CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"}},
    {OutOfResources, {"CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources requested for launch"}},
    {Timeout, {"CUDA_ERROR_LAUNCH_TIMEOUT", "the launch timed out and was terminated"}}, {LaunchFailed, {"CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"}}};

const long Guard = 256, SharedPerGroup = 227 << 10, StackBytes = 256 << 10;
const char GuardByte = (char)0xa5, Poison = (char)0xff; // 0xffffffff is not a number

long setting(const char* name, long otherwise) { const char* v = getenv(name); return v && *v ? atol(v) : otherwise; }

struct Event { bool asked = false, passed = false; double milliseconds = 0; };
struct Module { void* library; };
struct Function { emulated_kernel kernel = {}; int allowed = 48 << 10; };

std::recursive_mutex s_lock;
std::vector<std::function<Status()>> s_queue;
std::map<char*, size_t> s_blocks;                       // device memory by address
size_t s_bytes;
Status s_failure;                                       // what every call returns once a kernel has failed
int s_retained;
thread_local bool t_current;

// ---- one group: fibers, barriers, warps

struct Fiber { void* stack; ucontext_t start; jmp_buf at; bool started; enum { Ready, AtBarrier, AtWarp, Done } state; int predicate; unsigned mask; };
struct Warp { unsigned long long in[32], out[32]; };

std::vector<Fiber*> s_fibers;
std::vector<Warp> s_warps;
Fiber* s_fiber;
jmp_buf s_scheduler;
emulated_state s_state;
Status s_trap;
int s_index, s_count, s_threads;
const emulated_kernel* s_kernel;
void** s_args;

void leave() { if (!_setjmp(s_fiber->at)) _longjmp(s_scheduler, 1); }

void live() {
    for (;;) {
        s_kernel->run(s_args);
        s_fiber->state = Fiber::Done;
        leave();
    }
}

void resume(int index) {
    Fiber* f = s_fiber = s_fibers[s_index = index];
    int n = index;
    s_state.thread = {n % s_state.group.x, n / s_state.group.x % s_state.group.y, n / (s_state.group.x * s_state.group.y)};
    s_state.lane = index % 32;
    if (_setjmp(s_scheduler)) return;
    if (f->started) _longjmp(f->at, 1);
    f->started = true;
    setcontext(&f->start);
}

void barrier(int predicate, int* count, int* threads) {
    s_fiber->predicate = predicate;
    s_fiber->state = Fiber::AtBarrier;
    leave();
    *count = s_count;
    *threads = s_threads;
}

void meet(unsigned mask, unsigned long long value) {
    s_warps[s_index / 32].in[s_index % 32] = value;
    s_fiber->mask = mask;
    s_fiber->state = Fiber::AtWarp;
    leave();
}

unsigned long long exchange(unsigned mask, unsigned long long value, int source) {
    meet(mask, value);
    return s_warps[s_index / 32].out[source & 31];
}

unsigned ballot(unsigned mask, int predicate) {
    meet(mask, predicate);
    unsigned result = 0;
    for (int lane = 0; lane < 32; lane++) if (mask >> lane & 1 && s_warps[s_index / 32].out[lane]) result |= 1u << lane;
    return result;
}

void trap() { s_trap = LaunchFailed; leave(); }

const emulated_calls s_calls = {barrier, exchange, ballot, trap};

void prepare(Fiber& f) {
    getcontext(&f.start);
    f.start.uc_stack.ss_sp = f.stack;
    f.start.uc_stack.ss_size = StackBytes;
    makecontext(&f.start, live, 0);
    f.started = false;
}

void makeFibers(int threads) {
    while ((int)s_fibers.size() < threads) {
        s_fibers.push_back(new Fiber());
        s_fibers.back()->stack = mmap(nullptr, StackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        prepare(*s_fibers.back());
    }
}

bool releaseWarp(int warp, int threads) {
    int first = warp * 32, count = threads - first < 32 ? threads - first : 32;
    bool moved = false;
    for (int i = 0; i < count; i++) {
        if (s_fibers[first + i]->state != Fiber::AtWarp) continue;
        unsigned mask = s_fibers[first + i]->mask;
        bool all = true;
        for (int k = 0; k < count; k++) {
            auto f = s_fibers[first + k];
            if (mask >> k & 1 && f->state != Fiber::Done && !(f->state == Fiber::AtWarp && f->mask == mask)) all = false;
        }
        if (!all) continue;
        for (int k = 0; k < 32; k++) {
            if (!(mask >> k & 1)) continue;
            bool here = k < count && s_fibers[first + k]->state == Fiber::AtWarp;
            s_warps[warp].out[k] = here ? s_warps[warp].in[k] : 0;
            if (here) s_fibers[first + k]->state = Fiber::Ready;
        }
        moved = true;
    }
    return moved;
}

Status runGroup(int threads) {
    for (int i = 0; i < threads; i++) s_fibers[i]->state = Fiber::Ready;
    s_trap = Success;
    for (;;) {
        for (int i = 0; i < threads; i++)
            if (s_fibers[i]->state == Fiber::Ready && !s_trap) resume(i);
        if (s_trap) return s_trap;
        bool moved = false;
        for (int w = 0; w * 32 < threads; w++) moved |= releaseWarp(w, threads);
        int done = 0, arrived = 0, count = 0;
        for (int i = 0; i < threads; i++) {
            auto f = s_fibers[i];
            done += f->state == Fiber::Done;
            if (f->state == Fiber::AtBarrier) { arrived++; count += f->predicate; }
        }
        if (done == threads) return Success;
        if (moved) continue;
        if (arrived + done < threads) return Timeout;   // some wait at a barrier, others in a warp that never meets
        s_count = count;
        s_threads = arrived;
        for (int i = 0; i < threads; i++) if (s_fibers[i]->state == Fiber::AtBarrier) s_fibers[i]->state = Fiber::Ready;
    }
}

Status runGrid(const emulated_kernel& kernel, emulated_dim grid, emulated_dim group, long dynamic, void** args) {
    int threads = group.x * group.y * group.z;
    makeFibers(threads);
    s_warps.resize((threads + 31) / 32);
    s_kernel = &kernel;
    s_args = args;
    s_state.grid = grid;
    s_state.group = group;
    Status status = Success;
    long rest = kernel.dynamic_bytes - dynamic < Guard ? kernel.dynamic_bytes - dynamic : Guard;
    for (unsigned z = 0; z < grid.z && !status; z++) for (unsigned y = 0; y < grid.y && !status; y++) for (unsigned x = 0; x < grid.x && !status; x++) {
        s_state.block = {x, y, z};
        if (kernel.shared_bytes) memset(kernel.shared, Poison, kernel.shared_bytes);
        if (kernel.dynamic_bytes) memset(kernel.dynamic, Poison, dynamic), memset(kernel.dynamic + dynamic, GuardByte, rest);
        status = runGroup(threads);
        for (long i = 0; kernel.dynamic_bytes && i < rest; i++) if (kernel.dynamic[dynamic + i] != GuardByte) status = IllegalAddress;
    }
    if (status) for (auto f : s_fibers) prepare(*f);     // wherever they stopped
    return status;
}

// ---- the queue and the memory

bool guardsHold() {
    for (auto& [address, bytes] : s_blocks)
        for (long i = 0; i < Guard; i++) if (address[-1 - i] != GuardByte || address[bytes + i] != GuardByte) return false;
    return true;
}

Status flush() {
    auto queue = std::move(s_queue);
    s_queue.clear();
    for (auto& step : queue) if (!s_failure) s_failure = step();
    if (!s_failure && !queue.empty() && !guardsHold()) s_failure = IllegalAddress;
    return s_failure;
}

Status ask(std::function<Status()> step) {
    if (s_failure) return s_failure;
    s_queue.push_back(std::move(step));
    return Success;
}

double now() { return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

size_t elfBytes(const char* image) {
    auto head = (const Elf64_Ehdr*)image;
    return head->e_shoff + (size_t)head->e_shentsize * head->e_shnum;
}

Status load(const std::string& image, Module** out, std::string& error) {
    char path[] = "/tmp/emulated-kernel-XXXXXX";        // the loader takes two files of one name for the same
    int file = mkstemp(path);
    bool written = write(file, image.data(), image.size()) == (ssize_t)image.size();
    close(file);
    void* library = written ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : nullptr;
    if (!library) error = written ? dlerror() : "cannot write to /tmp";
    unlink(path);
    if (!library) return InvalidImage;
    auto state = (emulated_state**)dlsym(library, "emulated");
    auto calls = (const emulated_calls**)dlsym(library, "emulated_call");
    if (!state || !calls) return InvalidImage;
    *state = &s_state;
    *calls = &s_calls;
    *out = new Module{library};
    return Success;
}
}

#define API extern "C" __attribute__((visibility("default"))) int
#define LOCKED std::lock_guard<std::recursive_mutex> guard(s_lock)
#define IN_CONTEXT LOCKED; if (!t_current) return InvalidContext; if (s_failure) return s_failure

API cuInit(unsigned) { return Success; }
API cuDriverGetVersion(int* v) { *v = 12090; return Success; }
API cuGetErrorName(int e, const char** s) { auto i = s_words.find(e); *s = i == s_words.end() ? nullptr : i->second.first; return *s ? Success : InvalidValue; }
API cuGetErrorString(int e, const char** s) { auto i = s_words.find(e); *s = i == s_words.end() ? nullptr : i->second.second; return *s ? Success : InvalidValue; }
API cuDeviceGetCount(int* n) { *n = 1; return Success; }
API cuDeviceGet(int* device, int ordinal) { *device = ordinal; return ordinal == 0 ? Success : InvalidDevice; }
API cuDeviceGetName(char* name, int length, int) { strncpy(name, "emulated device", length); return Success; }
API cuDeviceTotalMem_v2(size_t* bytes, int) { *bytes = setting("EMULATED_CUDA_BYTES", 4l << 30); return Success; }
API cuDeviceGetAttribute(int* value, int attribute, int) {
    long arch = setting("EMULATED_CUDA_ARCH", 90);
    switch (attribute) {
        case 13: *value = 1000000; return Success;
        case 16: *value = 1; return Success;
        case 75: *value = arch / 10; return Success;
        case 76: *value = arch % 10; return Success;
        case 97: *value = SharedPerGroup; return Success;
        default: return InvalidValue;
    }
}

API cuDevicePrimaryCtxRetain(void** context, int) { LOCKED; s_retained++; *context = &s_retained; return Success; }
API cuDevicePrimaryCtxRelease_v2(int) {
    LOCKED;
    if (--s_retained > 0) return Success;
    s_queue.clear();
    for (auto& [address, bytes] : s_blocks) free(address - Guard);
    s_blocks.clear();
    s_bytes = 0;
    s_failure = Success;
    return Success;
}
API cuCtxSetCurrent(void* context) { LOCKED; t_current = context == &s_retained && s_retained > 0; return t_current ? s_failure : InvalidContext; }

API cuMemAlloc_v2(char** address, size_t bytes) {
    IN_CONTEXT;
    if (bytes == 0) return InvalidValue;
    if (s_bytes + bytes > (size_t)setting("EMULATED_CUDA_BYTES", 4l << 30)) return OutOfMemory;
    char* p = (char*)aligned_alloc(256, (bytes + 255) / 256 * 256 + 2 * Guard);
    if (!p) return OutOfMemory;
    memset(p, GuardByte, Guard);
    memset(p + Guard, Poison, bytes < (1 << 24) ? bytes : 1 << 24);
    memset(p + Guard + bytes, GuardByte, Guard);
    s_blocks[*address = p + Guard] = bytes;
    s_bytes += bytes;
    return Success;
}
API cuMemFree_v2(char* address) {
    IN_CONTEXT;
    flush();
    auto found = s_blocks.find(address);
    if (found == s_blocks.end()) return InvalidValue;
    s_bytes -= found->second;
    s_blocks.erase(found);
    free(address - Guard);
    return s_failure;
}
API cuMemAllocHost_v2(void** p, size_t bytes) { IN_CONTEXT; *p = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096); return *p ? Success : OutOfMemory; }
API cuMemFreeHost(void* p) { LOCKED; flush(); free(p); return Success; }

static int copy(void* to, const void* from, size_t bytes) { return ask([=] { memcpy(to, from, bytes); return Success; }); }
API cuMemcpyHtoDAsync_v2(void* to, const void* from, size_t bytes, void*) { IN_CONTEXT; return copy(to, from, bytes); }
API cuMemcpyDtoHAsync_v2(void* to, const void* from, size_t bytes, void*) { IN_CONTEXT; return copy(to, from, bytes); }
API cuMemcpyDtoDAsync_v2(void* to, const void* from, size_t bytes, void*) { IN_CONTEXT; return copy(to, from, bytes); }
API cuMemsetD32Async(unsigned* to, unsigned value, size_t count, void*) { IN_CONTEXT; return ask([=] { for (size_t i = 0; i < count; i++) to[i] = value; return Success; }); }

API cuStreamCreate(void** stream, unsigned) { IN_CONTEXT; *stream = new char; return Success; }
API cuStreamSynchronize(void*) { IN_CONTEXT; return flush(); }
API cuStreamDestroy_v2(void* stream) { LOCKED; flush(); delete (char*)stream; return Success; }
API cuEventCreate(Event** e, unsigned) { IN_CONTEXT; *e = new Event; return Success; }
API cuEventRecord(Event* e, void*) { IN_CONTEXT; e->asked = true; e->passed = false; return ask([=] { e->passed = true; e->milliseconds = now(); return Success; }); }
API cuEventQuery(Event* e) { IN_CONTEXT; return !e->asked || e->passed ? Success : NotReady; }
API cuEventSynchronize(Event* e) { IN_CONTEXT; return !e->asked || e->passed ? Success : flush(); }
API cuEventElapsedTime(float* ms, Event* a, Event* b) { IN_CONTEXT; *ms = (float)(b->milliseconds - a->milliseconds); return a->passed && b->passed ? Success : NotReady; }
API cuEventDestroy_v2(Event* e) { LOCKED; flush(); delete e; return Success; }

API cuModuleLoadDataEx(Module** module, const char* image, unsigned count, int* options, void** values) {
    IN_CONTEXT;
    std::string bytes, error;
    const char mark[] = "//emulated\n";
    if (memcmp(image, ELFMAG, SELFMAG) == 0) bytes.assign(image, elfBytes(image));
    else if (strncmp(image, mark, strlen(mark)) == 0) for (const char* p = image + strlen(mark); p[0] && p[1]; p += 2) bytes += (char)std::stoi(std::string(p, 2), nullptr, 16);
    int status = load(bytes, module, error);
    for (unsigned i = 0; i + 1 < count; i++) if (status && options[i] == 5) strncpy((char*)values[i], error.c_str(), (size_t)values[i + 1]);
    return status;
}
API cuModuleUnload(Module* m) { LOCKED; flush(); dlclose(m->library); delete m; return Success; }
API cuModuleGetFunction(Function** f, Module* m, const char* name) {
    IN_CONTEXT;
    auto describe = (void (*)(emulated_kernel*))dlsym(m->library, (std::string("emulated_") + name).c_str());
    if (!describe) return NotFound;
    *f = new Function;                                  // lives as long as the process, as small as it is
    describe(&(*f)->kernel);
    return Success;
}
API cuFuncGetAttribute(int* value, int attribute, Function* f) { *value = attribute == 0 ? f->kernel.bound : attribute == 1 ? (int)f->kernel.shared_bytes : 0; return attribute <= 1 ? Success : InvalidValue; }
API cuFuncSetAttribute(Function* f, int attribute, int value) {
    IN_CONTEXT;
    if (attribute != 8 || value + f->kernel.shared_bytes > SharedPerGroup) return InvalidValue;
    f->allowed = value + (int)f->kernel.shared_bytes;
    return Success;
}

API cuLaunchKernel(Function* f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, void*, void** parameters, void**) {
    IN_CONTEXT;
    auto& k = f->kernel;
    unsigned long long threads = 1ull * bx * by * bz;
    if (!gx || !gy || !gz || gx > 0x7fffffffu || gy > 65535 || gz > 65535 || !threads || threads > 1024 || bz > 64 || (int)shared + k.shared_bytes > f->allowed) return InvalidValue;
    if (threads > (unsigned)k.bound) return OutOfResources;
    std::vector<std::string> values;                    // read now: the caller's memory may change
    for (int i = 0; i < k.parameters; i++) values.emplace_back((char*)parameters[i], k.sizes[i]);
    return ask([=]() mutable {
        std::vector<void*> args;
        for (auto& v : values) args.push_back(v.data());
        return runGrid(k, {gx, gy, gz}, {bx, by, bz}, shared, args.data());
    });
}
