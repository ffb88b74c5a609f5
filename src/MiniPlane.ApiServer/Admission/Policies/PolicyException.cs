namespace MiniPlane.ApiServer.Admission.Policies;

/// <summary>A policy cannot be applied as it is configured; its failure policy decides what becomes of the request.</summary>
internal sealed class PolicyException : Exception
{
    public PolicyException(string message)
        : base(message)
    {
    }

    public PolicyException()
    {
    }

    public PolicyException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
