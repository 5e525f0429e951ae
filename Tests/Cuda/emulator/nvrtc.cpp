// libnvrtc: "compiles" CUDA C++ with the host's compiler; machine code is a shared object, PTX the same in hexadecimal.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fstream>
#include <spawn.h>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using std::string;

namespace {
enum { Success = 0, InvalidInput = 3, InvalidOption = 5, Compilation = 6 };
const int s_architectures[] = {75, 80, 86, 89, 90};

struct Program { string text, name, log{}, object{}, ptx{}; };

string folder() {
    Dl_info info;
    dladdr((void*)&folder, &info);
    string path = info.dli_fname;
    return path.substr(0, path.rfind('/') + 1);
}

string read(const string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

int run(const std::vector<string>& words, const string& directory, const string& log) {
    std::vector<char*> argv;
    for (auto& w : words) argv.push_back((char*)w.c_str());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
    posix_spawn_file_actions_addopen(&actions, 2, log.c_str(), 01 | 0100, 0600);        // O_WRONLY | O_CREAT
    pid_t child;
    int status = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ) ? -1 : 0;
    posix_spawn_file_actions_destroy(&actions);
    if (status < 0) return -1;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// The kernel's name is what stands before the parenthesis of its parameters.
string kernelName(const string& text) {
    size_t at = text.find("__global__");
    if (at == string::npos) return "";
    const string bounds = "__launch_bounds__";
    size_t open = text.find('(', at);
    if (text.compare(open - bounds.size(), bounds.size(), bounds) == 0) open = text.find('(', text.find(')', open));
    size_t end = text.find_last_not_of(" \t\n", open - 1) + 1;
    size_t start = text.find_last_of(" \t\n*", end - 1) + 1;
    return text.substr(start, end - start);
}

// Behind the text, so that its lines keep their numbers.
string withDescription(string text) {
    string name = kernelName(text), tail;
    bool dynamic = false;
    for (size_t at; (at = text.find("extern __shared__")) != string::npos; dynamic = true) text.replace(at, strlen("extern __shared__"), "extern");
    size_t bounds = text.find("__launch_bounds__(");
    int most = bounds == string::npos ? 1024 : atoi(text.c_str() + bounds + strlen("__launch_bounds__("));
    if (dynamic) tail += "\nalignas(128) unsigned char dynamic_shared[256 << 10];";
    if (name.empty()) return text;
    return text + tail + "\nextern \"C\" void emulated_run_it(void** args) { emulated_run(" + name + ", args); }"
        + "\nextern \"C\" void emulated_" + name + "(emulated_kernel* k) { emulated_describe(" + name + ", k); k->run = emulated_run_it; k->bound = " + std::to_string(most) + ";"
        + (dynamic ? " k->dynamic = (char*)dynamic_shared; k->dynamic_bytes = sizeof dynamic_shared;" : "") + " }\n";
}
}

extern "C" {
const char* nvrtcGetErrorString(int result) { return result == Success ? "NVRTC_SUCCESS" : result == Compilation ? "NVRTC_ERROR_COMPILATION" : result == InvalidOption ? "NVRTC_ERROR_INVALID_OPTION" : "NVRTC_ERROR_INVALID_INPUT"; }
int nvrtcVersion(int* major, int* minor) { *major = 12; *minor = 9; return Success; }
int nvrtcGetNumSupportedArchs(int* count) { *count = sizeof s_architectures / sizeof *s_architectures; return Success; }
int nvrtcGetSupportedArchs(int* out) { memcpy(out, s_architectures, sizeof s_architectures); return Success; }
int nvrtcCreateProgram(Program** program, const char* text, const char* name, int headers, const char**, const char**) { *program = new Program{text, name ? name : "default_program"}; return headers ? InvalidInput : Success; }
int nvrtcDestroyProgram(Program** program) { delete *program; *program = nullptr; return Success; }

int nvrtcCompileProgram(Program* p, int count, const char** options) {
    string architecture = "compute_52", contract = "-ffp-contract=fast", target = "--gpu-architecture=";
    for (int i = 0; i < count; i++) {
        string o = options[i];
        if (o.compare(0, target.size(), target) == 0) architecture = o.substr(target.size());
        else if (o == "--fmad=false") contract = "-ffp-contract=off";
        else if (o != "--std=c++17" && o != "--prec-div=true" && o != "--prec-sqrt=true" && o != "--ftz=false" && o != "--use_fast_math") { p->log = "nvrtc: error: unrecognized option " + o + "\n"; return InvalidOption; }
    }
    bool real = architecture.compare(0, 3, "sm_") == 0, known = false;
    for (int a : s_architectures) known |= architecture == (real ? "sm_" : "compute_") + std::to_string(a);
    if (!known) { p->log = "nvrtc: error: invalid value for --gpu-architecture (-arch)\n"; return InvalidOption; }

    char made[] = "/tmp/emulated-nvrtc-XXXXXX";
    if (!mkdtemp(made)) { p->log = "error: no temporary folder\n"; return Compilation; }
    string temporary = made, object = temporary + "/kernel.so", log = temporary + "/log";
    std::ofstream(temporary + "/" + p->name) << withDescription(p->text);
    const char* compiler = getenv("CXX");
    int code = run({compiler && *compiler ? compiler : "g++", "-x", "c++", "-std=gnu++17", "-O1", "-w", "-fPIC", "-shared", "-fno-strict-aliasing", contract, "-s", "-Wl,-Bsymbolic",
        "-include", folder() + "kernel.h", "-o", object, p->name}, temporary, log);
    p->log = read(log);
    if (code < 0) p->log = "error: the host's compiler did not start\n";
    string bytes = code == 0 ? read(object) : "";
    p->object = real ? bytes : "";
    p->ptx = "//emulated\n";
    for (unsigned char b : bytes) { char two[3]; snprintf(two, 3, "%02x", b); p->ptx += two; }
    for (auto& file : {temporary + "/" + p->name, object, log}) unlink(file.c_str());
    rmdir(made);
    return code == 0 ? Success : Compilation;
}

int nvrtcGetCUBINSize(Program* p, size_t* size) { *size = p->object.size(); return Success; }
int nvrtcGetCUBIN(Program* p, char* out) { memcpy(out, p->object.data(), p->object.size()); return Success; }
int nvrtcGetPTXSize(Program* p, size_t* size) { *size = p->ptx.size() + 1; return Success; }
int nvrtcGetPTX(Program* p, char* out) { memcpy(out, p->ptx.c_str(), p->ptx.size() + 1); return Success; }
int nvrtcGetProgramLogSize(Program* p, size_t* size) { *size = p->log.size() + 1; return Success; }
int nvrtcGetProgramLog(Program* p, char* out) { memcpy(out, p->log.c_str(), p->log.size() + 1); return Success; }
}
