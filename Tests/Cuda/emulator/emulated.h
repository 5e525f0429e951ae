// What the emulated driver and a compiled kernel know of each other.
#pragma once

struct emulated_dim { unsigned x, y, z; };

// The thread that runs, and its launch.
struct emulated_state { emulated_dim thread, block, group, grid; int lane; };

// Calls that may let other threads of the group run first.
struct emulated_calls {
    void (*barrier)(int predicate, int* count, int* threads);                                           // count of true predicates, and of threads
    unsigned long long (*exchange)(unsigned mask, unsigned long long value, int source);                // the value that lane `source` brought
    unsigned (*ballot)(unsigned mask, int predicate);
    void (*trap)();
};

// What a kernel tells of itself.
struct emulated_kernel {
    void (*run)(void** args);
    int parameters, sizes[128];
    int bound;                                          // most threads of a group
    char *shared; long shared_bytes;                    // static shared memory
    char *dynamic; long dynamic_bytes;                  // room for dynamic shared memory, 0 if the kernel declares none
};
