namespace IlgpuXai.Jit;

/// <summary><c>CUresult</c>: those that are told apart here.</summary>
enum CudaStatus
{
    Success = 0,
    OutOfMemory = 2,
    NoDevice = 100,
    NotReady = 600,
}

/// <summary><c>CUdevice_attribute</c></summary>
enum DeviceAttribute
{
    ClockRate = 13,                         // kHz
    MultiprocessorCount = 16,
    ComputeCapabilityMajor = 75,
    ComputeCapabilityMinor = 76,
    MaxSharedMemoryPerBlockOptIn = 97,      // bytes, static and dynamic together
}

/// <summary><c>CUfunction_attribute</c></summary>
enum FunctionAttribute
{
    MaxThreadsPerBlock = 0,
    SharedSizeBytes = 1,                    // static
    MaxDynamicSharedSizeBytes = 8,
}

/// <summary><c>CUjit_option</c></summary>
enum JitOption
{
    ErrorLogBuffer = 5,
    ErrorLogBufferSizeBytes = 6,
}

/// <summary><c>CUevent_flags</c>, <c>CUstream_flags</c></summary>
static class DriverFlags
{
    public const uint StreamNonBlocking = 1, EventTimed = 0, EventUntimed = 2;
}
