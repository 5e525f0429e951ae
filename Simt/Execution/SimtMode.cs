namespace IlgpuXai.Simt;

/// <summary>How much a kernel that runs on the host watches itself.</summary>
public enum SimtMode
{
    /// <summary>Checks every index and every barrier.</summary>
    Fast,

    /// <summary>
    /// Also reports every load and store to a shadow that finds races and reads of shared memory never written: about 6 times slower.
    /// Groups then run one after another, so that findings come in a fixed order.
    /// </summary>
    Checked,
}
