namespace IlgpuXai.Jit;

/// <summary>What the driver says of a device.</summary>
/// <param name="Ordinal">By which it is opened; from 0.</param>
/// <param name="ComputeCapability">10 · major + minor: 90 is 9.0.</param>
/// <param name="ClockKilohertz">The highest clock of the multiprocessors; 0 where the driver does not say.</param>
/// <param name="SharedBytes">The most shared memory of a group, static and dynamic.</param>
/// <param name="DriverVersion">The CUDA version that the driver serves, 1000 · major + 10 · minor: 12040 is 12.4.</param>
public sealed record CudaDeviceFacts(int Ordinal, string Name, int ComputeCapability, int Multiprocessors, int ClockKilohertz, long MemoryBytes, int SharedBytes, int DriverVersion)
{
    /// <summary><c>NVIDIA H200, 139 GiB, 132 multiprocessors, 1.98 GHz</c></summary>
    public override string ToString() =>
        $"{Name}, {MemoryBytes / (double)(1L << 30):0.#} GiB, {Multiprocessors} multiprocessors" + (ClockKilohertz > 0 ? $", {ClockKilohertz / 1e6:0.##} GHz" : "");

    internal static unsafe CudaDeviceFacts Read(DriverApi driver, int ordinal)
    {
        int device, version;
        driver.Check(driver.DeviceGet(&device, ordinal), $"CUDA device {ordinal}");
        driver.Check(driver.DriverGetVersion(&version), "driver version");
        byte* name = stackalloc byte[256];
        driver.Check(driver.DeviceGetName(name, 256, device), "device name");
        nuint bytes;
        driver.Check(driver.DeviceTotalMem(&bytes, device), "device memory");
        int handle = device;                // a lambda cannot capture what a pointer was taken of
        return new(ordinal, System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)name)!,
            Get(DeviceAttribute.ComputeCapabilityMajor) * 10 + Get(DeviceAttribute.ComputeCapabilityMinor), Get(DeviceAttribute.MultiprocessorCount), Get(DeviceAttribute.ClockRate),
            (long)bytes, Get(DeviceAttribute.MaxSharedMemoryPerBlockOptIn), version);

        int Get(DeviceAttribute attribute)
        {
            int value;
            driver.Check(driver.DeviceGetAttribute(&value, attribute, handle), $"device attribute {attribute}");
            return value;
        }
    }
}
