namespace MiniPlane.ApiServer.Admission;

/// <summary>What a request wants to do to an object (admission.v1.Operation).</summary>
public enum AdmissionOperation
{
    Create,
    Update,
    Delete,

    /// <summary>A stream into an object: exec, attach, port-forward, proxy.</summary>
    Connect,
}
