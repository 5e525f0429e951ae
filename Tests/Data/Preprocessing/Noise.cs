using IlgpuXai.Data;

namespace IlgpuXai.Tests;

/// <summary>Pictures by a formula; the script that makes the goldens has the same one.</summary>
static class Noise
{
    public static Image Picture(int width, int height, int channels) => new(width, height, channels, Bytes(width, height, channels));

    static byte[] Bytes(int width, int height, int channels)
    {
        var samples = new byte[width * height * channels];
        for (int i = 0; i < samples.Length; i++)
        {
            uint c = (uint)(i % channels), x = (uint)(i / channels % width), y = (uint)(i / channels / width);
            uint h = unchecked(x * 73856093 ^ y * 19349663 ^ c * 83492791);
            samples[i] = (byte)(unchecked((h ^ h >> 15) * 2246822519) >> 13);
        }
        return samples;
    }
}
