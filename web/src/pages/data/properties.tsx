import { useDeferredValue, useState } from 'react'
import { useSearchParams } from 'wouter'
import type { PropertyDefinition } from '../../api/answers'
import { usePropertyDefinitions } from '../../api/lists'
import { useMay } from '../../api/session'
import { Button } from '../../components/button'
import { Search, Select } from '../../components/fields'
import { Page } from '../../components/page'
import { Answer, Empty } from '../../components/states'
import { DataTabs } from './data-tabs'
import { DescribeDialog } from './describe-dialog'
import { PropertyValues } from './property-values'
import '../people/people.css'

const SCOPES = [
  ['event', 'Of events'],
  ['person', 'Of persons'],
  ['group', 'Of groups'],
] as const

export default function PropertiesPage() {
  const [parameters, setParameters] = useSearchParams()
  const [search, setSearch] = useState('')
  const sent = parameters.get('of')
  const scope = SCOPES.find(([id]) => id === sent)?.[0] ?? 'event'
  const definitions = usePropertyDefinitions(scope, useDeferredValue(search))
  return (
    <Page title="Data">
      <DataTabs current="data/properties" />
      <div className="row row-wrap">
        <Search label="Search properties" value={search} onChange={setSearch} />
        <Select
          label="Whose"
          hideLabel
          value={scope}
          options={SCOPES}
          onChange={(of) => setParameters({ of }, { replace: true })}
        />
      </div>
      <Answer query={definitions}>
        {({ results }) =>
          results.length > 0 ? (
            <PropertiesTable properties={results} scope={scope} />
          ) : (
            <Empty
              icon="data"
              title={search === '' ? 'No properties yet' : `No property matches “${search}”`}
              action={search !== '' && <Button onClick={() => setSearch('')}>Clear the search</Button>}
            >
              Every property that comes is listed here by itself, with its type.
            </Empty>
          )
        }
      </Answer>
    </Page>
  )
}

interface TableProps {
  properties: PropertyDefinition[]
  scope: string
}

function PropertiesTable({ properties, scope }: TableProps) {
  const may = useMay('member')
  const [described, setDescribed] = useState<PropertyDefinition | null>(null)
  const [opened, setOpened] = useState<string | null>(null)
  const hasValues = scope === 'event' || scope === 'person'
  return (
    <div className="table-box">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Property</th>
            <th scope="col">Type</th>
            <th scope="col" className="wide-only">
              Description
            </th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {properties.map((property) => (
            <tr key={property.id}>
              <td>
                <code className="wrap">{property.name}</code>{' '}
                {property.verified && <span className="badge badge-good">Verified</span>}
                {opened === property.id && (
                  <PropertyValues name={property.name} person={scope === 'person'} />
                )}
              </td>
              <td>
                <span className="badge">{property.property_type ?? 'Unknown'}</span>
              </td>
              <td className="soft wide-only">{property.description}</td>
              <td className="right">
                {hasValues && (
                  <Button
                    small
                    kind="quiet"
                    aria-expanded={opened === property.id}
                    onClick={() => setOpened(opened === property.id ? null : property.id)}
                  >
                    Values
                  </Button>
                )}
                {may && (
                  <Button small kind="quiet" onClick={() => setDescribed(property)}>
                    Describe
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {described && (
        <DescribeDialog kind="property" definition={described} onClose={() => setDescribed(null)} />
      )}
    </div>
  )
}
