namespace MiniPlane.Agent.Probes;

/// <summary>Turns single outcomes into a verdict: so many in a row change it (successThreshold, failureThreshold). Pure.</summary>
internal sealed class ProbeCounter(int successThreshold, int failureThreshold)
{
    private bool? _last;
    private int _inRow;

    /// <summary>True or false when the threshold of that outcome has just been reached or is exceeded, else null.</summary>
    public bool? Add(bool isSuccess)
    {
        _inRow = _last == isSuccess ? _inRow + 1 : 1;
        _last = isSuccess;
        return _inRow >= (isSuccess ? successThreshold : failureThreshold) ? isSuccess : null;
    }
}
